/** So many pairs are compared at most; in longer lists nothing between both ends is found. */
const MAX_COMPARED = 250_000;

/** Two items that are one, by their places in both lists. */
export type PlacePair = readonly [before: number, after: number];

/** The longest row of items in order that two lists have in common. */
export function longestCommon<Item>(
  before: readonly Item[],
  after: readonly Item[],
  isPair: (was: Item, item: Item) => boolean,
): readonly PlacePair[] {
  const isPairAt = (i: number, j: number): boolean => {
    const [was, item] = [before[i], after[j]];
    return was !== undefined && item !== undefined && isPair(was, item);
  };
  // Most edits leave most of a list as it is.
  const most = Math.min(before.length, after.length);
  let begin = 0;
  while (begin < most && isPairAt(begin, begin)) begin++;
  let end = 0;
  while (end < most - begin && isPairAt(before.length - 1 - end, after.length - 1 - end)) end++;
  const between = commonBetween([begin, begin], [before.length - end, after.length - end], isPairAt);
  return [
    ...Array.from({ length: begin }, (_, index): PlacePair => [index, index]),
    ...between,
    ...Array.from({ length: end }, (_, index): PlacePair => [
      before.length - end + index,
      after.length - end + index,
    ]),
  ];
}

/** The longest row of pairs between two places of both lists. */
function commonBetween(
  [i0, j0]: PlacePair,
  [i1, j1]: PlacePair,
  isPairAt: (i: number, j: number) => boolean,
): readonly PlacePair[] {
  const width = j1 - j0 + 1;
  if ((i1 - i0) * (j1 - j0) > MAX_COMPARED) return [];
  // How many are common from here on, by the places in both.
  const rest = new Uint32Array((i1 - i0 + 1) * width);
  const restAt = (i: number, j: number): number => rest[(i - i0) * width + j - j0] ?? 0;
  for (let i = i1 - 1; i >= i0; i--)
    for (let j = j1 - 1; j >= j0; j--)
      rest[(i - i0) * width + j - j0] = isPairAt(i, j)
        ? restAt(i + 1, j + 1) + 1
        : Math.max(restAt(i + 1, j), restAt(i, j + 1));
  const pairs: PlacePair[] = [];
  let [i, j] = [i0, j0];
  while (restAt(i, j) > 0) {
    if (restAt(i + 1, j) === restAt(i, j)) i++;
    else if (restAt(i, j + 1) === restAt(i, j)) j++;
    else pairs.push([i++, j++]);
  }
  return pairs;
}
