let current = 0;

/**
 * Counts everything that can change what an entry is built from or whether it may serve: texts, marks, commits, late
 * imports. As long as it stands still, what was computed from the modules holds.
 */
export function revision(): number {
  return current;
}

/** Something about a module has changed. */
export function advanceRevision(): void {
  current++;
}
