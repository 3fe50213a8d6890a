import { declarators, hasDirective, isTooLong } from "./declarators.ts";
import { disposedBindings } from "./disposals.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { mentionsIn } from "./mentions.ts";
import { nameForm } from "./import-uses.ts";
import type { CellCandidate, ClassShape } from "./module-analysis.ts";
import type { LocalBinding, Mention, MentionTarget, ModuleModel } from "./module-model.ts";
import {
  argumentsOf,
  calleeOf,
  child,
  children,
  forEachChild,
  identifierName,
  isClass,
  isFunction,
  rootOf,
} from "./syntax.ts";
import type { Node } from "./syntax.ts";

/**
 * The top-level bindings whose values can outlive their text: `let`, and `const` holding a fresh built-in container,
 * with an initializer that reads nothing imported and makes nothing that runs.
 */
export function cellCandidates(
  model: ModuleModel,
  statements: readonly Node[],
  lazyBindings: readonly string[],
): readonly CellCandidate[] {
  if (hasDirective(statements, "no hot state")) return [];
  const disposed = disposedBindings(model);
  return declarators(model.code, statements).flatMap(({ kind, node, isReset }) => {
    const id = child(node, "id");
    const name = identifierName(id);
    const binding = model.bindings.find((candidate) => candidate.isTopLevel && candidate.name === name);
    if (id === undefined || binding === undefined || name === undefined || isReset) return [];
    const initializer = child(node, "init");
    if (!isEligible(model, kind, initializer)) return [];
    const isLazy = lazyBindings.includes(name);
    const fillers = [...defaultsOf(model, binding), ...(isLazy ? fillersOf(model, binding) : [])];
    const signature = signatureOf(model, fillers, initializer);
    if (signature === undefined) return [];
    return [
      {
        name,
        signature,
        isLazy,
        isDisposed: disposed.has(name),
        declared: [id.start, id.end] as const,
        initializer: initializer && ([initializer.start, initializer.end] as const),
        references: model.mentions
          .filter(({ target }) => target.kind === "binding" && target.binding === binding)
          .map((mention) => ({
            range: [mention.node.start, mention.node.end] as const,
            form: nameForm(mention),
          })),
      },
    ];
  });
}

/** The fields and constructors of the top-level classes: where they are the same, old instances fit the new class. */
export function classShapes(statements: readonly Node[]): readonly ClassShape[] {
  return statements.flatMap((statement) => {
    const name = identifierName(child(statement, "id"));
    if (statement.type !== "ClassDeclaration" || name === undefined) return [];
    const members = children(child(statement, "body") ?? statement, "body");
    const fields = members.filter(
      (member) => member.type === "PropertyDefinition" || member["kind"] === "constructor",
    );
    const shape =
      fields.map((field) => fingerprintOf(field)).join("\n") +
      fingerprintOf({ ...statement, body: undefined });
    const hasPrivates = members.some((member) => child(member, "key")?.type === "PrivateIdentifier");
    return [{ name, shape, hasPrivates }];
  });
}

const CONTAINERS: ReadonlySet<string> = new Set([
  "Array",
  "BigInt64Array",
  "BigUint64Array",
  "Float32Array",
  "Float64Array",
  "Int16Array",
  "Int32Array",
  "Int8Array",
  "Map",
  "Set",
  "Uint16Array",
  "Uint32Array",
  "Uint8Array",
  "Uint8ClampedArray",
]);

/** Globals whose values are the same whatever a program does. `WeakMap` is none: nobody can see who filled it. */
const PURE: ReadonlySet<string> = new Set([
  ...CONTAINERS,
  "ArrayBuffer",
  "BigInt",
  "Boolean",
  "Date",
  "Infinity",
  "JSON",
  "Math",
  "NaN",
  "Number",
  "Object",
  "RegExp",
  "String",
  "Symbol",
  "URL",
  "crypto",
  "performance",
  "undefined",
]);

function isEligible(model: ModuleModel, kind: "let" | "const", initializer: Node | undefined): boolean {
  if (initializer === undefined) return kind === "let";
  if (isTooLong(initializer)) return false;
  if (kind === "const" && !isContainer(model, initializer)) return false;
  return !makesCode(model, initializer);
}

/** `[]`, `{}`, `new Map()`: made anew by each evaluation, and nothing but a container. */
function isContainer(model: ModuleModel, value: Node): boolean {
  if (value.type === "ArrayExpression" || value.type === "ObjectExpression") return true;
  return value.type === "NewExpression" && isBuiltIn(model, value);
}

function isBuiltIn(model: ModuleModel, creation: Node): boolean {
  const callee = calleeOf(creation);
  const name = identifierName(callee);
  if (callee === undefined || name === undefined) return false;
  return mentionsIn(model, callee)[0]?.target.kind === "global" && PURE.has(name);
}

/** Functions, classes and instances of classes of this text are code: the new text has its own. */
function makesCode(model: ModuleModel, value: Node): boolean {
  if (isFunction(value) || isClass(value)) return true;
  if (value.type === "AwaitExpression" || value.type === "ImportExpression") return true;
  if (value.type === "NewExpression" && !isBuiltIn(model, value)) return true;
  // What a function of this text returns may be code as well: a generator, a closure.
  if (value.type === "CallExpression" && !isPureCall(model, value)) return true;
  let found = false;
  forEachChild(value, (part) => {
    found ||= makesCode(model, part);
  });
  return found || argumentsOf(value).some((argument) => makesCode(model, argument));
}

/** `Date.now()`, `Object.create(null)`: a function of the language. */
function isPureCall(model: ModuleModel, call: Node): boolean {
  const callee = calleeOf(call);
  const root = callee && rootOf(callee);
  const target = root && mentionsIn(model, root)[0]?.target;
  return target?.kind === "global" && PURE.has(target.name);
}

/**
 * What decides whether a kept value still is what the initializer would have made: its text, and that of everything
 * of this module it uses. `undefined` when it reads something imported, or other state.
 */
function signatureOf(
  model: ModuleModel,
  fillers: readonly Node[],
  initializer: Node | undefined,
): string | undefined {
  const seen = new Set<LocalBinding>();
  const texts: string[] = [];
  const queue = [...(initializer ? [initializer] : []), ...fillers];
  // What fills a binding lazily may use anything: the runtime knows when that changed.
  const mayUseAnything = new Set(fillers);
  for (const region of queue) {
    texts.push(fingerprintOf(region));
    const isFiller = mayUseAnything.has(region);
    for (const { target } of mentionsIn(model, region)) {
      if (!isFiller && isVariable(target)) return undefined;
      if (target.kind !== "binding" || !target.binding.isTopLevel || seen.has(target.binding)) continue;
      seen.add(target.binding);
      queue.push(...target.binding.values);
      if (isFiller) for (const value of target.binding.values) mayUseAnything.add(value);
    }
  }
  return texts.join("\n");
}

/** Whether a name may stand for something else next time: it is imported, other state, or a global that programs set. */
function isVariable(target: MentionTarget): boolean {
  if (target.kind === "import") return true;
  if (target.kind === "global") return !PURE.has(target.name);
  return target.kind === "binding" && target.binding.isTopLevel && target.binding.kind === "let";
}

/** `x ??= build()`, `x ||= build()`: what a binding is made of where it is empty, by this text alone. */
function defaultsOf(model: ModuleModel, binding: LocalBinding): readonly Node[] {
  return model.assignments
    .filter(({ operator }) => operator === "??=" || operator === "||=")
    .filter(({ target }) => mentionsIn(model, target).some((mention) => isOf(mention, binding)))
    .map(({ value }) => value);
}

/** The functions that assign a binding after its declaration. */
function fillersOf(model: ModuleModel, binding: LocalBinding): readonly Node[] {
  return model.assignments
    .filter(({ target }) => mentionsIn(model, target).some((mention) => isOf(mention, binding)))
    .map(({ unit }) => unit.node)
    .filter((node) => node.type !== "Program");
}

function isOf({ target }: Mention, binding: LocalBinding): boolean {
  return target.kind === "binding" && target.binding === binding;
}
