/** The named fields of an object, in the order of the names; those that are absent stay absent. */
export function pick<T extends object, const K extends keyof T>(object: T, keys: readonly K[]): Pick<T, K> {
  const entries = keys.filter((key) => object[key] !== undefined).map((key) => [key, object[key]]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was just built of these
  return Object.fromEntries(entries) as Pick<T, K>;
}
