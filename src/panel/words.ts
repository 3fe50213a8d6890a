/** A duration as people read it. */
export function inMs(ms: number): string {
  // The spaces hold number and unit together.
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)}\u00A0s`;
  return `${ms >= 10 || ms === 0 ? Math.round(ms) : ms.toFixed(1)}\u00A0ms`;
}

/** The time of day, such as `14:03:07`. */
export function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString([], { hourCycle: "h23" });
}

/** `1 route`, `2 routes`. */
export function counted(count: number, noun: string, nouns: string = `${noun}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? noun : nouns}`;
}

/** How long ago something was: `3 min`. */
export function agoOf(at: number, now: number = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** File, line and column as editors and terminals take them. */
export function placeText({
  file,
  line,
  column,
}: {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}): string {
  return [file, line, column].filter((part) => part !== undefined && part !== "").join(":");
}
