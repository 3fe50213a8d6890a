/** How many letters have to be added, removed or replaced, whatever their case. */
export function editDistance(from: string, to: string): number {
  const source = from.toLowerCase();
  const target = to.toLowerCase();
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
