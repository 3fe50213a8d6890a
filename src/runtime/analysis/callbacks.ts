import { calleeOf, child, memberName } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** Methods of built-in containers that call a function for each item, at once. */
const ITERATIONS: ReadonlySet<string> = new Set([
  "every",
  "filter",
  "find",
  "findIndex",
  "findLast",
  "flatMap",
  "forEach",
  "map",
  "reduce",
  "reduceRight",
  "some",
  "sort",
  "toSorted",
]);

const CONTINUATIONS: ReadonlySet<string> = new Set(["then", "catch", "finally"]);

/** The name of the method that a call runs: `m` of `a.m()`. */
export function methodOf(call: Node): string | undefined {
  const callee = calleeOf(call);
  return callee?.type === "MemberExpression" ? memberName(callee) : undefined;
}

/** What a method is called on: `a` of `a.m()`. */
export function receiverOf(call: Node): Node | undefined {
  const callee = calleeOf(call);
  return callee?.type === "MemberExpression" ? child(callee, "object") : undefined;
}

/** The container whose items a callback gets: `list` in `list.map((item) => …)`. */
export function iteratedBy(call: Node): Node | undefined {
  return ITERATIONS.has(methodOf(call) ?? "") ? receiverOf(call) : undefined;
}

/** Whether a callback of this call is a part of the code around it: it runs once, or once per item, and is dropped. */
export function runsInline(call: Node): boolean {
  const method = methodOf(call) ?? "";
  return ITERATIONS.has(method) || CONTINUATIONS.has(method);
}
