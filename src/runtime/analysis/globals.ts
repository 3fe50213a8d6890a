import { methodOf, receiverOf } from "./callbacks.ts";
import { COMPUTED, globalName, pathOfGlobal } from "./global-names.ts";
import type { GlobalNames, GlobalPath } from "./global-names.ts";
import type { GlobalUse } from "./module-analysis.ts";
import { IMPORT_CALL, IMPORT_META } from "./module-model.ts";
import type { Mention, ModuleModel } from "./module-model.ts";
import {
  argumentsOf,
  child,
  children,
  identifierName,
  keyName,
  memberName,
  stringValue,
  unwrapped,
} from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** Which globals the text changes, and which ones it may find changed by others. */
export function globalUse(model: ModuleModel, names: GlobalNames): GlobalUse {
  return { written: [...writtenGlobals(model, names)], mentioned: [...mentionedGlobals(model, names)] };
}

function writtenGlobals(model: ModuleModel, names: GlobalNames): ReadonlySet<string> {
  const written = new Set<string>();
  const write = (path: GlobalPath | undefined): unknown => path && written.add(globalName(path));
  for (const { target } of model.assignments) write(pathOfTarget(names, target));
  for (const change of model.changes) write(pathOfTarget(names, child(change, "argument")));
  for (const { node } of model.calls) {
    if (isWritingHelper(node)) writtenByHelper(names, node).forEach(write);
    else write(pathOfReceiver(names, node));
  }
  return written;
}

function pathOfTarget(names: GlobalNames, target: Node | undefined): GlobalPath | undefined {
  const path = target && names.pathOf(target);
  // A local name that stands for a global is a variable of its own.
  return target?.type === "Identifier" && path?.at(-1) !== identifierName(target) ? undefined : path;
}

/** `globalThis.list.push(x)`: what hangs on the global object may be changed so. A method of a builtin changes nothing. */
function pathOfReceiver(names: GlobalNames, call: Node): GlobalPath | undefined {
  const receiver = receiverOf(call);
  if (receiver?.type !== "MemberExpression") return receiver && pathOfAssigned(names, receiver);
  const object = child(receiver, "object");
  return object && names.pathOf(object)?.length === 0 ? names.pathOf(receiver) : undefined;
}

/** `(globalThis.list ??= []).push(x)` */
function pathOfAssigned(names: GlobalNames, receiver: Node): GlobalPath | undefined {
  return unwrapped(receiver).type === "AssignmentExpression" ? names.pathOf(receiver) : undefined;
}

const WRITING_HELPERS: ReadonlySet<string> = new Set([
  "assign",
  "defineProperties",
  "defineProperty",
  "deleteProperty",
  "set",
  "setPrototypeOf",
]);

function isWritingHelper(call: Node): boolean {
  if (!WRITING_HELPERS.has(methodOf(call) ?? "")) return false;
  const owner = identifierName(receiverOf(call));
  return owner === "Object" || owner === "Reflect";
}

/** `Object.assign(globalThis, { x })`, `Object.defineProperty(Array.prototype, "x", …)` */
function writtenByHelper(names: GlobalNames, call: Node): readonly GlobalPath[] {
  const [target, what] = argumentsOf(call);
  const path = target && names.pathOf(target);
  return path ? keysOf(what).map((key) => path.concat(key)) : [];
}

function keysOf(what: Node | undefined): readonly string[] {
  if (what?.type !== "ObjectExpression") return [stringValue(what) ?? COMPUTED];
  return children(what, "properties").map((property) => keyName(property) ?? COMPUTED);
}

const KEYWORDS: ReadonlySet<string> = new Set([IMPORT_META, IMPORT_CALL]);

function mentionedGlobals(model: ModuleModel, names: GlobalNames): ReadonlySet<string> {
  const understood = understoodNames(model);
  const mentioned = new Set<string>();
  for (const mention of model.mentions) {
    const path = pathOfMention(mention, names);
    if (!path || KEYWORDS.has(path[0] ?? "") || understood.has(mention.node)) continue;
    mentioned.add(path.length === 0 ? COMPUTED : globalName(path));
  }
  return mentioned;
}

/** The path of a mentioned name, with the member that is taken from it. */
export function pathOfMention({ target, usedBy }: Mention, names: GlobalNames): GlobalPath | undefined {
  let path: GlobalPath | undefined;
  if (target.kind === "global") path = pathOfGlobal(target.name);
  else if (target.kind === "binding") path = names.pathOfBinding(target.binding);
  return path && usedBy?.type === "MemberExpression" ? [...path, memberName(usedBy) ?? COMPUTED] : path;
}

/** `globalThis` in `const g = globalThis` says nothing yet: what is done with `g` does. */
function understoodNames(model: ModuleModel): ReadonlySet<Node> {
  const understood = new Set<Node>();
  for (const { initial, assigned } of model.bindings) {
    if (initial && assigned.length === 0) understood.add(unwrapped(initial.node));
  }
  for (const { node } of model.calls) {
    const target = isWritingHelper(node) ? argumentsOf(node)[0] : undefined;
    if (target) understood.add(target);
  }
  return understood;
}
