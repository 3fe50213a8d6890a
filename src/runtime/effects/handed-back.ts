import { isObjectLike } from "../../values/kinds.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { ResetCell } from "./cells.ts";
import { hasFound, valueAt } from "./filled-globals.ts";
import { isOfClass } from "./class-instances.ts";

/**
 * Values that a package or a global hands back as they were, although the text that makes them says something else now:
 * nobody but a new process gets others. Instances of the classes of the text are looked after elsewhere.
 */
export function findHandedBack(
  replaced: ReadonlyMap<ModuleRecord, Generation | undefined>,
): readonly ResetCell[] {
  return [...replaced].flatMap(([{ displayName, live }, before]) => {
    if (live === undefined || before === undefined) return [];
    const signatures = new Map(
      before.source.analysis.handedBack.map(({ name, signature }) => [name, signature]),
    );
    return live.source.analysis.handedBack.flatMap(({ name, global, signature }) => {
      const value = global === undefined ? live.topLevel[name]?.() : valueAt(global);
      const isHandedBack =
        global === undefined ? Object.is(value, before.topLevel[name]?.()) : hasFound(live, name, value);
      const isSame = isObjectLike(value) && isHandedBack;
      if (!isSame || signatures.get(name) === signature || isOfClass(value, live) || isOfClass(value, before))
        return [];
      return [
        {
          name: `${displayName}:${name}`,
          why: "the one of before: what made it hands it back, and only a restart makes another one",
        },
      ];
    });
  });
}
