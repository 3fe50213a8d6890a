const prices: Record<string, number> = { tea: 4, cake: 5 };

export function priceOf(item: string): number {
  return prices[item] ?? 1;
}
