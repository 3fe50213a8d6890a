import { methodOf } from "./callbacks.ts";
import { isHotContext } from "./generation-calls.ts";
import { mentionsIn } from "./mentions.ts";
import type { ModuleModel } from "./module-model.ts";
import { reachFrom } from "./reach.ts";
import { argumentsOf } from "./syntax.ts";

/**
 * The top-level bindings that dispose and prune handlers get at, be it through functions. What they hold may have been
 * closed: `import.meta.hot.dispose(() => connection?.close())`.
 */
export function disposedBindings(model: ModuleModel): ReadonlySet<string> {
  const handlers = model.units
    .flatMap(({ calls }) => calls)
    .filter((call) => HANDED_TO.has(methodOf(call) ?? "") && isHotContext(model, call))
    .flatMap((call) => argumentsOf(call));
  if (handlers.length === 0) return new Set();
  const regions = [...handlers, ...reachFrom(model, handlers).code];
  const mentioned = regions.flatMap((region) => mentionsIn(model, region));
  return new Set(
    mentioned.flatMap(({ target }) =>
      target.kind === "binding" && target.binding.isTopLevel ? [target.binding.name] : [],
    ),
  );
}

const HANDED_TO: ReadonlySet<string> = new Set(["dispose", "prune"]);
