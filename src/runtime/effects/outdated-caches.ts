import { isCache } from "../../state/cache.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { ResetCell } from "./cells.ts";

/**
 * Caches outlive whoever has made them, but not what was read for them: those that were filled from files which say
 * something else now are empty again.
 */
export function clearOutdatedCaches(
  replaced: ReadonlyMap<ModuleRecord, Generation | undefined>,
): readonly ResetCell[] {
  return [...replaced].flatMap(([{ displayName, live }, before]) =>
    [...(before?.outside?.outdated ?? [])].flatMap((name) => {
      const value = live?.topLevel[name]?.();
      if (!isCache(value)) return [];
      value.clear();
      return [{ name: `${displayName}:${name}`, why: "a file that it was filled from changed" }];
    }),
  );
}
