import type { GraphWarning } from "../answers.ts";
import type { RustEdge, RustGraph } from "./rust-graph.ts";

/** Who depends on files that have changed. */
export interface RustDependents {
  /** Without those that have changed; the nearest first, then by name. */
  readonly files: readonly string[];
  /** Some are among them only because of places that cannot be read. */
  readonly isWidened: boolean;
  /** Those places. */
  readonly reasons: readonly GraphWarning[];
}

/**
 * Find who depends on files: those that use or include them, and who uses those. Who declares a module, and uses nothing of it,
 * does not depend on it; by whose way a name comes, one depends on itself only, not on what else it uses.
 */
export function rustDependents(graph: RustGraph, changedFiles: Iterable<string>): RustDependents {
  const changed = new Set(changedFiles);
  const users = usersOf(graph.edges, changed);
  const certain = reach(users, changed, []);
  const unsure = [...graph.mayReach]
    .filter(([, files]) => mayMean(graph, files, changed))
    .map(([file]) => file);
  const all = reach(users, changed, unsure);
  const added = new Set(unsure.filter((file) => all.has(file) && !certain.has(file)));
  for (const file of changed) all.delete(file);
  return {
    files: [...all],
    isWidened: added.size > 0,
    reasons: graph.unsure.filter(({ file }) => added.has(file)),
  };
}

/** A file that the graph does not know may be one of those that cannot be read. */
function mayMean({ files }: RustGraph, meant: ReadonlySet<string>, changed: ReadonlySet<string>): boolean {
  const known = new Set(files);
  return [...changed].some((file) => meant.has(file) || !known.has(file));
}

function usersOf(
  edges: readonly RustEdge[],
  changed: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>();
  for (const { from, to, kind } of edges) {
    if (!counts(kind, changed.has(to))) continue;
    users.set(to, (users.get(to) ?? new Set()).add(from));
  }
  return users;
}

/** Whether who has such an edge to a file depends on it. */
function counts(kind: RustEdge["kind"], isChanged: boolean): boolean {
  return kind === "through" ? isChanged : kind !== "mod";
}

/** All that leads to the changed files, by distance and then by name. */
function reach(
  users: ReadonlyMap<string, ReadonlySet<string>>,
  changed: ReadonlySet<string>,
  unsure: readonly string[],
): Set<string> {
  const found = new Set(changed);
  let level: Iterable<string> = changed;
  for (let extra = unsure; ; extra = []) {
    const next = new Set(extra);
    for (const file of level) for (const user of users.get(file) ?? []) next.add(user);
    const added = [...next].filter((file) => !found.has(file)).toSorted();
    if (added.length === 0) return found;
    for (const file of added) found.add(file);
    level = added;
  }
}
