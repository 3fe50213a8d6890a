import { plainEnvironment } from "../inputs/index.ts";

/** Something that is there once per process, as looks at it see it. */
export interface Surface {
  readonly holder: object;
  /** How the analysis of a text calls a key of it. */
  readonly nameOf: (key: string) => string;
  /**
   * @param isThorough Those that do not show in a loop as well. There are hundreds of them, and nearly nobody makes one:
   *   `globalThis.db = 1` makes one that shows.
   */
  readonly keys: (isThorough: boolean) => readonly string[];
  /** What stands under a key, in a form that `descriptorOf` can put back. */
  readonly look: (key: string) => unknown;
  readonly isSame: (before: unknown, now: unknown) => boolean;
  readonly descriptorOf: (seen: unknown) => PropertyDescriptor | undefined;
}

const value = {
  isSame: (before: unknown, now: unknown): boolean => Object.is(before, now),
  descriptorOf: (seen: unknown): PropertyDescriptor => {
    return { value: seen, writable: true, enumerable: true, configurable: true };
  },
};

/** Getters of globals are never called: what is behind them may be loaded only when it is used. */
const descriptor = {
  holder: globalThis,
  nameOf: (key: string): string => key,
  look: (key: string): unknown => Reflect.getOwnPropertyDescriptor(globalThis, key),
  isSame: (before: unknown, now: unknown): boolean =>
    isSameDescriptor(asDescriptor(before), asDescriptor(now)),
  descriptorOf: asDescriptor,
};

function asDescriptor(seen: unknown): PropertyDescriptor | undefined {
  return typeof seen === "object" && seen !== null ? seen : undefined;
}

const natives = Object.entries(Object.getOwnPropertyDescriptors(globalThis));
const nativeNames: ReadonlySet<string> = new Set(natives.map(([key]) => key));
const plain = natives.flatMap(([key, found]) => ("value" in found ? [key] : []));
const lazy = natives.flatMap(([key, found]) => ("value" in found ? [] : [key]));

/** What the language and Node bring: the names are known, so only the values are looked at. */
const NATIVES: Surface = {
  ...value,
  holder: globalThis,
  nameOf: (key) => key,
  keys: () => plain,
  look: (key) => Reflect.get(globalThis, key),
};

/** What Node brings behind getters. */
export const LAZY_NATIVES: Surface = { ...descriptor, keys: () => lazy };

/** What programs add. Symbols are libraries' own registries (ours as well); programs name their globals. */
export const GLOBALS: Surface = {
  ...descriptor,
  keys: (isThorough) => {
    const keys = isThorough ? Object.getOwnPropertyNames(globalThis) : Object.keys(globalThis);
    return keys.filter((key) => !nativeNames.has(key));
  },
};

export const ENVIRONMENT: Surface = {
  ...value,
  holder: plainEnvironment(),
  nameOf: () => "process.env",
  keys: () => Object.keys(plainEnvironment()),
  look: (key) => plainEnvironment()[key],
};

/** Built-in prototypes that people extend. A method that was removed is gone for good. */
const PROTOTYPES: readonly Surface[] = [
  Array,
  BigInt,
  Date,
  Error,
  Function,
  Map,
  Number,
  Object,
  Promise,
  Set,
  String,
].map(({ name, prototype }: { readonly name: string; readonly prototype: object }) => ({
  holder: prototype,
  nameOf: (key) => `${name}.prototype.${key}`,
  keys: (isThorough) => (isThorough ? Object.getOwnPropertyNames(prototype) : shownKeys(prototype)),
  look: () => undefined,
  isSame: () => true,
  descriptorOf: () => undefined,
}));

/** A loop, because `Object.keys` looks at all that are hidden as well. */
function shownKeys(prototype: object): readonly string[] {
  const keys: string[] = [];
  for (const key in prototype) if (Object.hasOwn(prototype, key)) keys.push(key);
  return keys;
}

/** What any code may write. */
export const SURFACES: readonly Surface[] = [GLOBALS, NATIVES, ...PROTOTYPES];

/** Whether two descriptors stand for the same value or getter. */
export function isSameDescriptor(
  before: PropertyDescriptor | undefined,
  now: PropertyDescriptor | undefined,
): boolean {
  if (before === undefined || now === undefined) return before === now;
  return Object.is(before.value, now.value) && before.get === now.get;
}
