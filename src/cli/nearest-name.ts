/** The known name that was probably meant, if any is near enough. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const given = lettersOf(word);
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(given, lettersOf(name)) }))
    .toSorted((a, b) => a.distance - b.distance);
  if (nearest !== undefined && nearest.distance <= 2 && nearest.distance < given.length) return nearest.name;
  return names.find((name) => given !== "" && lettersOf(name).startsWith(given));
}

/** `strict-port` and `strictPort` are the same word. */
function lettersOf(word: string): string {
  return word.toLowerCase().replaceAll("-", "");
}

/** How many letters have to be added, removed or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
