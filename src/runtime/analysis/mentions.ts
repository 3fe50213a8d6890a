import type { Mention, ModuleModel } from "./module-model.ts";
import type { Region } from "./syntax.ts";

/** The items that start inside a region; `items` are in source order. */
export function itemsIn<T extends { readonly node: Region }>(
  items: readonly T[],
  region: Region,
): readonly T[] {
  const from = firstAt(items, region.start);
  let to = from;
  while (to < items.length && (items[to]?.node.start ?? region.end) < region.end) to += 1;
  return items.slice(from, to);
}

function firstAt(items: readonly { readonly node: Region }[], position: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.node.start ?? position) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The mention that begins with this node: the node's own, or that of the innermost object of a member chain. */
export function mentionAt(model: ModuleModel, node: Region): Mention | undefined {
  const mention = model.mentions[firstAt(model.mentions, node.start)];
  return mention?.node.start === node.start ? mention : undefined;
}

/** The names used in a piece of text itself. */
export function mentionsIn(model: ModuleModel, region: Region): readonly Mention[] {
  return itemsIn(model.mentions, region);
}
