import { randomFrom } from "../../support/random.ts";

const KEYS = ["a", "b", "__proto__", "constructor", "prototype", "toString", "0", "two words", ""];

const PRIMITIVES: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -0,
  1.5,
  -3,
  2 ** 53,
  5e-324,
  Number.NaN,
  Infinity,
  -Infinity,
  0n,
  -(2n ** 70n),
  "",
  "text\n\u2028\ud800",
  "__proto__",
];

/** A random value in which objects are shared and point back to each other. */
export function randomValue(seed: number): unknown {
  const random = randomFrom(seed);
  const made: object[] = [];
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
  const remember = <Value extends object>(value: Value): Value => {
    made.push(value);
    return value;
  };
  const times = (run: (index: number) => void): void => {
    for (let left = random(4); left > 0; left--) run(left);
  };
  let depth = 0;
  const within = (): unknown => {
    depth += 1;
    const value = depth > 5 ? pick(PRIMITIVES) : make();
    depth -= 1;
    return value;
  };
  const withKeys = (object: object): object => {
    times(() => {
      const value = within();
      const property = { value, writable: true, enumerable: true, configurable: true };
      Object.defineProperty(object, pick(KEYS), property);
    });
    return object;
  };
  const buffer = (): ArrayBuffer => remember(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer);
  const makers: readonly (() => unknown)[] = [
    ...Array.from({ length: 5 }, () => () => pick(PRIMITIVES)),
    ...Array.from({ length: 3 }, () => () => (made.length > 0 ? pick(made) : null)),
    ...Array.from({ length: 3 }, () => () => withKeys(remember({}))),
    () => withKeys(remember(Object.create(null) as object)),
    () => withKeys(remember(new TypeError("no", { cause: within() }))),
    () => {
      const array = remember<unknown[]>([]);
      times(() => array.push(within()));
      return array;
    },
    () => {
      const sparse = remember<unknown[]>([]);
      times(() => (sparse[random(20)] = within()));
      sparse.length += random(3);
      return sparse;
    },
    () => {
      const map = remember(new Map<unknown, unknown>());
      times(() => map.set(within(), within()));
      return map;
    },
    () => {
      const values = remember(new Set<unknown>());
      times(() => values.add(within()));
      return values;
    },
    () => remember(new Date(pick([0, -1, 8.64e15, Number.NaN]))),
    () => Object.assign(remember(/a\/[^"]+/giu), { lastIndex: random(9) }),
    () => remember(new URL("https://user@example.org/a%20b?c#d")),
    buffer,
    () => remember(new Float64Array(buffer())),
    () => remember(new Uint16Array(buffer(), 2, 2)),
    () => remember(new DataView(buffer(), 1, 3)),
    () => remember(Buffer.from("abc")),
    () => remember(new BigInt64Array([-1n])),
  ];
  const make = (): unknown => pick(makers)();
  return make();
}

/** Where two values differ, in content, prototype or in what is the same object as what; `undefined` when nowhere. */
export function difference(left: unknown, right: unknown): string | undefined {
  const pairs = new Map<unknown, unknown>();
  const reverse = new Map<unknown, unknown>();
  const rest: [unknown, unknown, string][] = [[left, right, "value"]];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const [one, other, place] = next;
    if (typeof one !== "object" || one === null || typeof other !== "object" || other === null) {
      if (!Object.is(one, other)) return place;
      continue;
    }
    if (pairs.has(one) || reverse.has(other)) {
      if (pairs.get(one) !== other || reverse.get(other) !== one) return `${place} (identity)`;
      continue;
    }
    pairs.set(one, other);
    reverse.set(other, one);
    if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return `${place} (prototype)`;
    const parts = [partsOf(one), partsOf(other)] as const;
    if (parts[0].length !== parts[1].length) return `${place} (size)`;
    parts[0].forEach((part, index) => rest.push([part, parts[1][index], `${place}/${index}`]));
  }
  return undefined;
}

function partsOf(value: object): readonly unknown[] {
  if (value instanceof Map) return [...value].flat(1);
  if (value instanceof Set) return [...value];
  if (value instanceof Date) return [value.getTime()];
  if (value instanceof RegExp) return [String(value), value.lastIndex];
  if (value instanceof URL) return [value.href];
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (Buffer.isBuffer(value)) return [...value];
  if (ArrayBuffer.isView(value)) return [value.buffer, value.byteOffset, value.byteLength];
  return Reflect.ownKeys(value).flatMap((key) =>
    key === "stack"
      ? []
      : [key, Object.getOwnPropertyDescriptor(value, key)?.enumerable, Reflect.get(value, key)],
  );
}
