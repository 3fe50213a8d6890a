import { cellsOf } from "./cells.ts";
import type { ResetCell } from "./cells.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";

/**
 * Containers that go on, and whose entries code has made from something imported that is another now. Nobody can tell a
 * memo from a session store by its shape: it stays, and that is said.
 */
export function findOutdatedMemos(
  spared: ReadonlySet<ModuleRecord>,
  replaced: ReadonlyMap<ModuleRecord, Generation | undefined>,
): readonly ResetCell[] {
  const isAnother = (module: ModuleRecord): boolean =>
    spared.has(module) || (replaced.get(module) !== undefined && module.live !== undefined);
  return [...spared, ...replaced.keys()].flatMap(({ displayName, live }) => {
    const memos = live?.source.analysis.memos ?? [];
    const values = live === undefined || memos.length === 0 ? new Map() : keptValues(live, replaced);
    return memos.flatMap(({ name, references }) => {
      if (sizeOf(values.get(name)) === 0) return [];
      const from = references.map((reference) => live?.source.imports[reference.import]);
      const changed = from.find((target) => target?.kind === "project" && isAnother(target));
      if (changed?.kind !== "project") return [];
      return [
        {
          name: `${displayName}:${name}`,
          why: `made with ${changed.displayName} as it was; // @hot-reset above it begins anew`,
        },
      ];
    });
  });
}

/** What a generation holds of before. */
function keptValues(
  live: Generation,
  replaced: ReadonlyMap<ModuleRecord, Generation | undefined>,
): ReadonlyMap<string, unknown> {
  const cells = cellsOf(live);
  const values = cells.look();
  if (!replaced.has(live.module)) return values;
  const kept = new Set(cells.kept);
  return new Map([...values].filter(([name]) => kept.has(name)));
}

function sizeOf(value: unknown): number {
  if (value instanceof Map || value instanceof Set) return value.size;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}
