/**
 * The known name that was probably meant, if any is near enough: at most `most` letters away, or begun like that. The
 * last part counts of names with dots.
 */
export function nearestName(word: string, names: readonly string[], most = 2): string | undefined {
  const given = lettersOf(word);
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(given, lettersOf(name)) }))
    .toSorted((a, b) => a.distance - b.distance);
  if (nearest !== undefined && nearest.distance <= most && nearest.distance < given.length)
    return nearest.name;
  return names.find((name) => given !== "" && lettersOf(name).startsWith(given));
}

/** `strict-port` and `strictPort` are the same word. */
function lettersOf(name: string): string {
  return name
    .slice(name.lastIndexOf(".") + 1)
    .toLowerCase()
    .replaceAll("-", "");
}

/** How many letters have to be added, removed or replaced. */
function editDistance(source: string, target: string): number {
  let row = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (let line = 1; line <= source.length; line++) {
    const next = [line];
    for (let column = 1; column <= target.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (source[line - 1] === target[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[target.length] ?? 0;
}
