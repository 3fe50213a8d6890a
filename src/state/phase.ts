import type { GenerationScope, Phase } from "./generation.ts";
import { registry } from "./registry.ts";

/** The phase of a generation. It is followed from the first time that anybody asks. */
export function phaseOf(scope: GenerationScope): Phase {
  const { phases } = registry();
  const known = phases.get(scope);
  if (known !== undefined) return known;
  phases.set(scope, "pending");
  scope.onLive(() => phases.set(scope, "live"));
  scope.onDispose(() => phases.set(scope, phases.get(scope) === "pending" ? "abandoned" : "replaced"));
  return phases.get(scope) ?? "pending";
}

/** The generation that is evaluated in the current async context, if any. */
export function currentScope(): GenerationScope | undefined {
  return registry().host?.generation();
}

/** From where a piece of state is used: running code, code that is evaluated aside, or code that never became live. */
export type Standing =
  | { readonly kind: "live" }
  | { readonly kind: "aside"; readonly scope: GenerationScope }
  | { readonly kind: "abandoned" };

const LIVE: Standing = { kind: "live" };

/**
 * @param own The generation that made the handle. It counts before the current one: a handle that is not live yet
 *   belongs to its own draft, whoever uses it.
 */
export function standingOf(own: GenerationScope | undefined): Standing {
  return (own && notLive(own)) ?? outsideOf(currentScope());
}

function outsideOf(current: GenerationScope | undefined): Standing {
  return (current && notLive(current)) ?? LIVE;
}

function notLive(scope: GenerationScope): Standing | undefined {
  const phase = phaseOf(scope);
  if (phase === "pending") return { kind: "aside", scope };
  return phase === "abandoned" ? { kind: "abandoned" } : undefined;
}
