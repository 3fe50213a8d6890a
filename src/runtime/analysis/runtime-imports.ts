import { CREATE_REQUIRE, isMadeByCreateRequire, isModuleOfNode } from "../../syntax/create-require.ts";
import { mentionAt } from "./mentions.ts";
import type { RuntimeImports } from "./module-analysis.ts";
import { IMPORT_CALL } from "./module-model.ts";
import type { LocalBinding, Mention, MentionTarget, ModuleModel } from "./module-model.ts";
import { argumentsOf, calleeOf, child, isCall, rootOf, stringValue, unwrapped } from "./syntax.ts";

/** A call that asks for a module by name. `specifier` is `undefined` when it is computed. */
export interface ModuleRequest {
  readonly kind: "import" | "require";
  readonly specifier: string | undefined;
}

/** The request that a mention of `import` or `require` is the callee of. */
export function moduleRequest(model: ModuleModel, { target, usedBy }: Mention): ModuleRequest | undefined {
  if (usedBy?.type === "ImportExpression" && isFree(target, IMPORT_CALL))
    return { kind: "import", specifier: stringValue(child(usedBy, "source")) };
  if (usedBy?.type !== "CallExpression") return undefined;
  const specifier = stringValue(argumentsOf(usedBy)[0]);
  return isFree(target, "require") || isMadeRequire(model, target)
    ? { kind: "require", specifier }
    : undefined;
}

/** What a top-level name is for, if a `require` gives it: `const { connect } = require("./db")`, all of it or a part. */
export function requiredBy(model: ModuleModel, { initial, isTopLevel }: LocalBinding): string | undefined {
  if (!isTopLevel || initial === undefined) return undefined;
  const call = rootOf(unwrapped(initial.node));
  const callee = isCall(call) ? calleeOf(call) : undefined;
  const mention = callee?.type === "Identifier" ? mentionAt(model, callee) : undefined;
  const request = mention && moduleRequest(model, mention);
  return request?.kind === "require" ? request.specifier : undefined;
}

/** What the text asks for while it runs: `import("…")` and `require("…")`. */
export function runtimeImports(model: ModuleModel): Omit<RuntimeImports, "requiresUsedAtOnce"> {
  const requests = modelRequests(model);
  const dynamic = requests.filter(({ kind }) => kind === "import");
  const required = requests.filter(({ kind }) => kind === "require");
  const targets = model.mentions.map(({ target }) => target);
  return {
    dynamic: specifiersOf(dynamic),
    hasComputedDynamicImport: dynamic.some(({ specifier }) => specifier === undefined),
    requires: specifiersOf(required),
    hasComputedRequire: model.mentions.some((mention) => isComputedRequire(model, mention)),
    mentionsCommonJs: targets.some((target) => isFree(target, "module") || isFree(target, "exports")),
  };
}

/** All that a text asks for while it runs. */
export function modelRequests(model: ModuleModel): readonly ModuleRequest[] {
  return model.mentions.map((mention) => moduleRequest(model, mention)).filter((each) => each !== undefined);
}

function specifiersOf(requests: readonly ModuleRequest[]): readonly string[] {
  return [
    ...new Set(requests.map(({ specifier }) => specifier).filter((specifier) => specifier !== undefined)),
  ];
}

/** `require(name)`, `load(require)`, and a `require` of one's own that goes who knows where. */
function isComputedRequire(model: ModuleModel, mention: Mention): boolean {
  const { target, usedBy } = mention;
  if (isFree(target, "require") || isMadeRequire(model, target))
    return moduleRequest(model, mention)?.specifier === undefined;
  if (!isCreateRequire(model, target)) return false;
  const isNamed = ({ initial }: LocalBinding): boolean =>
    initial !== undefined && initial.path.length === 0 && unwrapped(initial.node) === usedBy;
  return !model.bindings.some(isNamed);
}

function isFree(target: MentionTarget, name: string): boolean {
  return target.kind === "global" && target.name === name;
}

/** `const require = createRequire(import.meta.url)`, whatever it is called. */
function isMadeRequire(model: ModuleModel, target: MentionTarget): boolean {
  const initial = target.kind === "binding" ? target.binding.initial : undefined;
  if (initial === undefined || initial.path.length > 0) return false;
  const made = unwrapped(initial.node);
  const callee = isCall(made) ? calleeOf(made) : undefined;
  const maker = callee?.type === "Identifier" ? mentionAt(model, callee) : undefined;
  return isMadeByCreateRequire(made) || (maker !== undefined && isCreateRequire(model, maker.target));
}

function isCreateRequire(model: ModuleModel, target: MentionTarget): boolean {
  if (target.kind === "binding") return target.binding.initial?.path.at(-1) === CREATE_REQUIRE;
  if (target.kind !== "import") return false;
  // `module.createRequire` of the default export, or of all of it, is one more spelling.
  const isOffered = [CREATE_REQUIRE, "default", "*"].includes(target.reference.name);
  return isOffered && isModuleOfNode(model.imports[target.reference.import]?.specifier);
}
