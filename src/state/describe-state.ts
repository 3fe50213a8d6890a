import { freshKeys } from "./cache.ts";
import { liveEntries } from "./registry.ts";
import type { StateKind } from "./entries.ts";

/** What is kept, without any value of it. */
export interface StateDescription {
  readonly cache: readonly {
    readonly key: string;
    /** Values that have not expired. */
    readonly size: number;
    readonly hits: number;
    readonly misses: number;
  }[];
  readonly state: readonly {
    readonly id: string;
    readonly kind: Exclude<StateKind, "cache">;
    /** Whether it survives new code. */
    readonly kept: boolean;
  }[];
}

/**
 * Describes all explicit state of the process, for the status page.
 * @param now Epoch milliseconds. Defaults to `Date.now()`.
 */
export function describeState(now: number = Date.now()): StateDescription {
  const cache: StateDescription["cache"][number][] = [];
  const state: StateDescription["state"][number][] = [];
  for (const entry of liveEntries()) {
    if (entry.kind !== "cache") {
      state.push({ id: entry.key, kind: entry.kind, kept: entry.isKept });
    } else if (entry.live !== undefined) {
      const { hits, misses } = entry.live;
      cache.push({ key: entry.key, size: freshKeys(entry.live, now).length, hits, misses });
    }
  }
  return { cache, state };
}

/** The ids of explicit state that some modules define: of what survives new code of theirs, or of what starts anew. */
export function stateMadeBy(
  modules: ReadonlySet<string>,
  { isKept }: { readonly isKept: boolean },
): readonly string[] {
  const isTheirs = (maker: string): boolean => modules.has(maker.replace(/#\d+$/, ""));
  return [...liveEntries()]
    .filter((entry) => entry.isKept === isKept && [...entry.makers].some(isTheirs))
    .map(({ key }) => key);
}
