import { declarators, hasDirective, isTooLong } from "./declarators.ts";
import type { Declarator } from "./declarators.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { isHandedOut } from "./handed-out.ts";
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
 * be done twice to one client.) Statements that are such a call have a value as well, though nobody holds it: what they
 * have defined in a package goes on like what has a name.
 */
export function findResourceInitializers(text: ResourceText): readonly ResourceInitializer[] {
  const { model, statements, importedNames, cells } = text;
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
  const describe = (initializer: Node): ReturnType<typeof comparable> =>
    comparable(text, initializer, aliases);
  const named = all.flatMap((declarator) => {
    const { node, isReset } = declarator;
    const name = identifierName(child(node, "id"));
    const binding = model.bindings.find((candidate) => candidate.isTopLevel && candidate.name === name);
    const initializer = child(node, "init");
    if (isReset || name === undefined || kept.has(name) || binding === undefined) return [];
    const made = initializer && describe(initializer);
    const users = made && usersOf(model, binding, all);
    return made === undefined || users === undefined ? [] : [{ ...made, name, users, isStatement: false }];
  });
  const unnamed = callStatements(model.code, statements).flatMap(({ name, call }) => {
    const made = describe(call);
    return made === undefined ? [] : [{ ...made, name, users: [], isStatement: true }];
  });
  return [...named, ...unnamed];
}

/** What is made by an initializer that can be compared with another one: a call or `new` that is handed no code. */
function comparable(
  { model }: ResourceText,
  initializer: Node,
  aliases: ReadonlyMap<string, string>,
): Omit<ResourceInitializer, "name" | "users" | "isStatement"> | undefined {
  if (isTooLong(initializer)) return undefined;
  const parts = partsOf(initializer);
  if (!parts.some(isCall) || parts.some(isCode) || asksForModule(model, initializer)) return undefined;
  const sources = sourcesOf(mentionsIn(model, initializer));
  if (sources === undefined) return undefined;
  return {
    signature: fingerprintOf(initializer, aliases),
    initializer: [initializer.start, initializer.end],
    isAwaited: parts.some(({ type }) => type === "AwaitExpression"),
    ...sources,
  };
}

interface CallStatement {
  /** As people read it: `metrics.collect()`, and `metrics.collect() (2)` for the next one. */
  readonly name: string;
  readonly call: Node;
}

/** Statements that are a call or `new`, waited for or not. */
function callStatements(code: string, statements: readonly Node[]): readonly CallStatement[] {
  const counts = new Map<string, number>();
  let previousEnd = 0;
  return statements.flatMap((statement): readonly CallStatement[] => {
    const above = code.slice(previousEnd, statement.start);
    previousEnd = statement.end;
    const call = statement.type === "ExpressionStatement" ? child(statement, "expression") : undefined;
    const called = call?.type === "AwaitExpression" ? child(call, "argument") : call;
    if (call === undefined || called === undefined || !isCall(called) || above.includes("@hot-reset"))
      return [];
    const name = nameOfCall(code, called);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return [{ name: count === 1 ? name : `${name} (${count})`, call }];
  });
}

/** The names that are called; what is computed has none. */
function nameOfCall(code: string, call: Node): string {
  const callee = calleeOf(call);
  const text = callee === undefined ? "" : code.slice(callee.start, callee.end);
  const name = /^[\w$.]+$/.test(text) ? text : "a call";
  return `${call.type === "NewExpression" ? "new " : ""}${name}()`;
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
    if (listensToErrors(model, node) || isHandedOut(model, node)) continue;
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
