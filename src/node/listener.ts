import type { NodeIncoming, NodeOutgoing, RouteParams } from "../routes/index.ts";

/** What an app does with a request: it answers it, calls `next` to leave it to others, or calls `next` with an error. */
export type NodeListener = (
  incoming: NodeIncoming,
  outgoing: NodeOutgoing,
  next: Next,
  params: RouteParams,
) => unknown;

/** Leaves a request to others; with an error, the app has failed. */
export type Next = (error?: unknown) => void;

/** Whether a value has methods of these names. What a proxy of it answers counts as well. */
export function hasMethods<Name extends string>(
  value: object,
  ...names: readonly Name[]
): value is Record<Name, (...args: readonly unknown[]) => unknown> {
  return names.every((name) => typeof Reflect.get(value, name) === "function");
}
