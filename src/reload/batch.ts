import path from "node:path";
import type { FileStamps } from "../disk/file-stamps.ts";
import type { EntryState } from "./entry-state.ts";
import type { EntryProblem, Readiness, ReloadPorts, UpdateOutcome } from "./ports.ts";
import { mayGoOn } from "./rounds.ts";

/** What a batch works with. */
export interface BatchParts<Problem extends EntryProblem> {
  readonly known: FileStamps;
  readonly ports: ReloadPorts<Problem>;
  readonly states: ReadonlyMap<string, EntryState<Problem>>;
  /** Whether what was found out about an entry still shows on disk. */
  readonly isShown: (readiness: Readiness<Problem>) => boolean;
  /** Whether an entry was found broken, and nothing is known that could have mended it. */
  readonly isKnownBroken: (entry: string) => boolean;
  /** Take changes in. Files that are not among those told of become events of their own. */
  readonly applyFileChanges: (changed: readonly string[], told: ReadonlySet<string>) => Promise<void>;
  readonly conclude: (entry: string, outcome: UpdateOutcome<Problem>, paths: readonly string[]) => void;
}

/**
 * Bring all entries in use up to date that something named concerns, where all goes well in one commit.
 *
 * What is named decides what is looked at, so that a batch costs what it concerns and not what there is: first the named
 * files, then all that is below the entries that have to run. A save there that nobody has named is part of the batch.
 *
 * @param named files that were touched; all that entries in use are built from counts where none are given
 * @returns the entries that could not be part of it: each is to be brought up to date, or found broken, alone
 */
export async function updateTogether<Problem extends EntryProblem>(
  named: ReadonlySet<string> | undefined,
  parts: BatchParts<Problem>,
): Promise<readonly string[]> {
  const { known, ports, states, applyFileChanges } = parts;
  const touched = named && withFolders(named);
  const told = touched ?? new Set();
  const changed = known.findChanged(
    touched === undefined ? ports.pathsOf(...states.keys()) : placesOf(touched, parts),
  );
  await applyFileChanges(changed, told);
  const concerned = touched === undefined ? [] : findOutdated(touched, parts);
  if (concerned.length > 0) {
    // What was taken in shows as changed until somebody reads what was saved.
    const isTaken = new Set(changed);
    await applyFileChanges(
      known.findChanged(ports.pathsOf(...concerned).filter((file) => !isTaken.has(file))),
      told,
    );
  }
  for (let round = 0; ; round++) {
    const entries = findOutdated(touched, parts);
    if (entries.length === 0) return entries;
    const outcome = await ports.update(entries, false);
    if (outcome.status === "failed" || !mayGoOn(round)) return entries;
    // Look once more at what was read while it was evaluated: that is one more batch, and not a turn for each entry.
    const late = known.findTouched(ports.pathsOf(...entries));
    if (late.length === 0) concludeAll(entries, outcome, parts);
    await applyFileChanges(late, told);
  }
}

/** A file that came or went concerns every entry that could have found it in its folder. */
function withFolders(files: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...files, ...Array.from(files, (file) => path.dirname(file))]);
}

/** Those of the touched paths that anything was read from, and what everything is built from. */
function placesOf<Problem extends EntryProblem>(
  touched: ReadonlySet<string>,
  { known, ports }: BatchParts<Problem>,
): ReadonlySet<string> {
  if (touched.size === 0) return touched;
  return new Set([...ports.basePaths(), ...[...touched].filter((file) => known.isKnown(file))]);
}

/** The entries that have to run, and those broken ones that what was touched may have mended. */
function findOutdated<Problem extends EntryProblem>(
  touched: ReadonlySet<string> | undefined,
  { ports, states, isShown, isKnownBroken }: BatchParts<Problem>,
): string[] {
  const outdated = ports.outdatedEntries();
  const mayBeMended = ({ readiness, paths }: EntryState<Problem>): boolean =>
    touched === undefined || !isShown(readiness) || paths.some((file) => touched.has(file));
  return [...states]
    .filter(([entry, state]) =>
      state.readiness.status === "ready"
        ? outdated.has(entry)
        : mayBeMended(state) && !ports.isCurrent(entry) && !isKnownBroken(entry),
    )
    .map(([entry]) => entry);
}

function concludeAll<Problem extends EntryProblem>(
  entries: readonly string[],
  outcome: UpdateOutcome<Problem>,
  { ports, states, conclude }: BatchParts<Problem>,
): void {
  for (const entry of entries)
    if (states.has(entry) && ports.isCurrent(entry)) conclude(entry, outcome, ports.pathsOf(entry));
}
