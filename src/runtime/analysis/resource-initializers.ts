import { declarators, hasDirective, isTooLong } from "./declarators.ts";
import type { Declarator } from "./declarators.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { mentionsIn } from "./mentions.ts";
import type { CellCandidate, ImportReference, ResourceInitializer } from "./module-analysis.ts";
import { IMPORT_META } from "./module-model.ts";
import type { LocalBinding, Mention, ModuleModel } from "./module-model.ts";
import {
  argumentsOf,
  calleeOf,
  child,
  contains,
  forEachChild,
  identifierName,
  isCall,
  isClass,
  isFunction,
  memberName,
  rootOf,
  stringValue,
} from "./syntax.ts";
import type { Node } from "./syntax.ts";
import { moduleRequest } from "./runtime-imports.ts";
import { isTopLevelValue } from "./scopes.ts";

interface ResourceText {
  readonly model: ModuleModel;
  readonly statements: readonly Node[];
  readonly importedNames: ReadonlyMap<string, ImportReference>;
  readonly cells: readonly CellCandidate[];
}

/**
 * The top-level bindings whose values can go on in the next generation, should they turn out to be something open: a
 * call or `new` that is handed no code, and that no other statement does anything to. (`await client.connect()` would
 * be done twice to one client.)
 */
export function findResourceInitializers({
  model,
  statements,
  importedNames,
  cells,
}: ResourceText): readonly ResourceInitializer[] {
  if (hasDirective(statements, "no hot resources")) return [];
  const all = declarators(model.code, statements);
  const kept = new Set(cells.map(({ name }) => name));
  // What an import is called here says nothing.
  const aliases = new Map(
    [...importedNames].map(([local, { import: index, name }]) => [
      local,
      `import ${name} from ${model.imports[index]?.specifier}`,
    ]),
  );
  return all.flatMap((declarator) => {
    const { node, isReset } = declarator;
    const name = identifierName(child(node, "id"));
    const binding = model.bindings.find((candidate) => candidate.isTopLevel && candidate.name === name);
    const initializer = child(node, "init");
    if (isReset || name === undefined || kept.has(name) || binding === undefined) return [];
    if (initializer === undefined || isTooLong(initializer)) return [];
    const parts = partsOf(initializer);
    if (!parts.some(isCall) || parts.some(isCode) || asksForModule(model, initializer)) return [];
    const users = usersOf(model, binding, all);
    const sources = sourcesOf(mentionsIn(model, initializer));
    if (users === undefined || sources === undefined) return [];
    return [
      {
        name,
        signature: fingerprintOf(initializer, aliases),
        initializer: [initializer.start, initializer.end] as const,
        isAwaited: parts.some(({ type }) => type === "AwaitExpression"),
        ...sources,
        users,
      },
    ];
  });
}

/** What another module exports is that module's to keep. */
function asksForModule(model: ModuleModel, initializer: Node): boolean {
  return mentionsIn(model, initializer).some((mention) => moduleRequest(model, mention) !== undefined);
}

function partsOf(node: Node): readonly Node[] {
  const parts = [node];
  forEachChild(node, (part) => parts.push(...partsOf(part)));
  return parts;
}

/** What makes a value part of this text, or does something besides making one. */
function isCode(node: Node): boolean {
  return isFunction(node) || isClass(node) || CHANGES.has(node.type);
}

const CHANGES: ReadonlySet<string> = new Set([
  "AssignmentExpression",
  "ImportExpression",
  "ThisExpression",
  "UpdateExpression",
  "YieldExpression",
]);

/** Names that mean the same to every generation of a module. */
const LASTING: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(globalThis), IMPORT_META]);

/** What an initializer is made from; `undefined` when that cannot be compared. */
function sourcesOf(
  mentions: readonly Mention[],
): Pick<ResourceInitializer, "imports" | "locals"> | undefined {
  const imports = new Set<number>();
  const locals = new Set<string>();
  for (const { target } of mentions) {
    if (target.kind === "import") imports.add(target.reference.import);
    else if (target.kind === "binding" && isTopLevelValue(target.binding)) locals.add(target.binding.name);
    else if (target.kind !== "global" || !LASTING.has(target.name)) return undefined;
  }
  return { imports: [...imports], locals: [...locals] };
}

/** Whose initializers mention a binding; `undefined` when another statement does something to it. */
function usersOf(
  model: ModuleModel,
  binding: LocalBinding,
  all: readonly Declarator[],
): readonly string[] | undefined {
  const users = new Set<string>();
  for (const { node, unit, target } of model.mentions) {
    // What functions do to it, they do whenever they are called.
    if (target.kind !== "binding" || target.binding !== binding || unit.kind !== "module") continue;
    if (listensToErrors(model, node)) continue;
    const user = all.find((each) => contains(child(each.node, "init") ?? NOWHERE, node));
    const name = user && identifierName(child(user.node, "id"));
    if (name === undefined) return undefined;
    users.add(name);
  }
  return [...users];
}

const NOWHERE = { start: 0, end: 0 };

/** `pool.on("error", …)`: an error that is told twice, around the moment of a change, harms nobody. */
function listensToErrors(model: ModuleModel, mention: Node): boolean {
  return model.calls.some(({ node }) => {
    const callee = calleeOf(node);
    if (callee === undefined || rootOf(callee).start !== mention.start) return false;
    const isListening = ["on", "addListener"].includes(memberName(callee) ?? "");
    return isListening && stringValue(argumentsOf(node)[0]) === "error";
  });
}
