/** How much of a long list is said. */
export type Detail = "short" | "whole";

/** How many items a sentence holds before it counts the rest. */
export const ITEMS_SHOWN = 3;

/** `a, b, c and 12 more`. */
export function listOf(items: readonly string[], most: number = ITEMS_SHOWN): string {
  const { shown, more } = cut(items, most);
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/** A name, and what there is to say about it. */
interface Explained {
  readonly name: string;
  readonly why: string;
}

/** `hits, limits (its initializer changed), cart (renamed or removed) and 12 more`: each reason is said once. */
export function explainedList(items: readonly Explained[], most: number = ITEMS_SHOWN): string {
  const { shown, more } = cut(items, most);
  const namesByReason = new Map<string, string[]>();
  for (const { name, why } of shown) {
    const names = namesByReason.get(why) ?? [];
    namesByReason.set(why, [...names, name]);
  }
  const groups = [...namesByReason].map(([why, names]) => `${names.join(", ")} (${why})`);
  return groups.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** The items that are said, and how many are not. */
function cut<T>(items: readonly T[], most: number): { readonly shown: readonly T[]; readonly more: number } {
  // "and 1 more" would be no shorter than the item.
  if (items.length <= most + 1) return { shown: items, more: 0 };
  return { shown: items.slice(0, most), more: items.length - most };
}

/** `1 timer`, `2 timers`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
