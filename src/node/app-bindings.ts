import type { NodeExchange, RouteParams } from "../routes/index.ts";

/**
 * What an app with `fetch` gets beside the request, such as Hono's `c.env`: the environment, read through when it is asked
 * for, and Node's own request and response.
 */
export function appBindings({ incoming, outgoing }: NodeExchange, params: RouteParams): object {
  // Defined, not assigned: that would write to the environment.
  const own = { params, incoming, outgoing };
  const bindings: object = Object.create(process.env, Object.getOwnPropertyDescriptors(own));
  return bindings;
}
