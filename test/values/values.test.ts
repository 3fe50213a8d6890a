import { describe, expect, test } from "vitest";
import { isSame } from "../../src/values/compare.ts";
import { copyOf } from "../../src/values/copy.ts";
import { dataContentOf } from "../../src/values/content.ts";
import { ContentSnapshot } from "../../src/values/snapshot.ts";

const remember = (value: unknown): ContentSnapshot => new ContentSnapshot([value], dataContentOf);

class Point {
  x = 1;
}
const cyclic = (): object => {
  const value: { self?: object; n: number } = { n: 1 };
  value.self = value;
  return value;
};
const point = new Point();
const run = (): void => undefined;

/** Makes of every kind of value; each call makes an equal one. */
const makers: readonly [string, () => unknown][] = [
  ["a primitive", () => 1n],
  ["NaN", () => Number.NaN],
  ["an object", () => ({ a: { b: [1, { c: undefined }] }, [Symbol.for("s")]: 1 })],
  ["an object without a prototype", () => Object.assign(Object.create(null) as object, { a: 1 })],
  ["an array", () => [1, [2]]],
  [
    "a Map with objects as keys",
    () =>
      new Map<unknown, unknown>([
        [{ k: 1 }, [1]],
        ["b", 2],
      ]),
  ],
  ["a Set", () => new Set([1, { a: 1 }])],
  ["a Date", () => new Date(5)],
  ["an invalid Date", () => new Date(Number.NaN)],
  ["a RegExp", () => /a/giu],
  ["a typed array", () => new Float64Array([1, Number.NaN])],
  ["a Buffer", () => Buffer.from("abc")],
  ["an ArrayBuffer", () => new Uint8Array([1, 2]).buffer],
  ["a cycle", cyclic],
  ["a class instance", () => point],
  ["a function", () => run],
];

test.each(makers)("a copy has the same content: %s", (_name, make) => {
  expect(isSame(copyOf(make()), make())).toBe(true);
});

test("values of different kinds or contents are not the same", () => {
  const others = [
    2n,
    [1],
    [1, [3]],
    { a: 1, b: 2 },
    new Date(6),
    /b/u,
    new Set([1]),
    new Point(),
    new Map(),
    new Uint8Array(2),
  ];
  const all: readonly unknown[] = [...makers.map(([, make]) => make()), ...others];
  for (const [left, one] of all.entries()) {
    const same = [...all.keys()].filter((right) => isSame(one, all[right]));
    expect(same).toEqual([left]);
  }
});

describe("a copy", () => {
  test("shares nothing that can be changed in place", () => {
    const original = { list: [{ n: 1 }], map: new Map([["a", { n: 1 }]]), bytes: Buffer.from("a") };
    const copy = copyOf(original);
    copy.list[0] = { n: 2 };
    const inMap = copy.map.get("a");
    if (inMap) inMap.n = 2;
    copy.bytes[0] = 0;
    expect(original).toEqual({ list: [{ n: 1 }], map: new Map([["a", { n: 1 }]]), bytes: Buffer.from("a") });
  });

  test("has the getters of the original, and nobody has run one", () => {
    let runs = 0;
    const original = {
      get next() {
        return ++runs;
      },
    };
    const copy = copyOf({ inner: original });
    expect(isSame(copy, { inner: original })).toBe(true);
    expect(runs).toBe(0);
    expect(copy.inner.next).toBe(1);
  });

  test("leaves the holes of an array where they are", () => {
    const holes: unknown[] = [];
    holes[2] = { n: 1 };
    holes.length = 5;
    const copy = copyOf(holes);
    expect([copy.length, Object.keys(copy)]).toEqual([5, ["2"]]);
  });

  test("may be a chain of any length, and be compared with its original", () => {
    let chain: unknown = "end";
    for (let length = 0; length < 30_000; length++) chain = { next: [chain] };
    expect(isSame(copyOf(chain), chain)).toBe(true);
  });

  test("has class instances and functions in common with the original", () => {
    const copy = copyOf({ point, run });
    expect(copy.point).toBe(point);
    expect(copy.run).toBe(run);
  });
});

describe("a memory", () => {
  const changes: readonly [string, () => unknown, (value: never) => unknown][] = [
    ["a key added", () => ({ a: 1 }), (value: Record<string, unknown>) => (value["b"] = 1)],
    ["a key deleted", () => ({ a: 1, b: 2 }), (value: Record<string, unknown>) => delete value["a"]],
    ["an item pushed", () => [1], (value: number[]) => value.push(2)],
    ["an array emptied", () => [1, 2], (value: number[]) => (value.length = 0)],
    ["a Map cleared", () => new Map([["a", 1]]), (value: Map<string, number>) => value.clear()],
    ["a Map's value replaced", () => new Map([["a", 1]]), (value: Map<string, number>) => value.set("a", 2)],
    ["a Set grown", () => new Set([1]), (value: Set<number>) => value.add(2)],
    ["a Date moved", () => new Date(1), (value: Date) => value.setTime(2)],
    ["a byte written", () => new Uint8Array(2), (value: Uint8Array) => (value[1] = 1)],
    [
      "a byte written through another view",
      () => new Uint8Array(2).buffer,
      (value: ArrayBuffer) => (new Uint8Array(value)[1] = 1),
    ],
    [
      "something deep inside",
      () => ({ a: [{ b: 1 }] }),
      (value: { a: { b: number }[] }) => value.a.forEach((item) => (item.b = 2)),
    ],
  ];

  test.each(changes)("sees and takes back a change in place: %s", (_name, make, change) => {
    const value = make();
    const memory = remember(value);
    expect(memory.isIntact()).toBe(true);
    change(value as never);
    expect(memory.isIntact()).toBe(false);
    memory.restore();
    expect(value).toEqual(make());
    expect(memory.isIntact()).toBe(true);
  });

  test("runs no getter, and brings back one that was taken out", () => {
    let runs = 0;
    const value: Record<string, unknown> = {
      get computed() {
        return ++runs;
      },
      last: 1,
    };
    const memory = remember(value);
    delete value["computed"];
    expect(memory.isIntact()).toBe(false);
    memory.restore();
    expect(memory.isIntact()).toBe(true);
    expect([runs, Object.keys(value), value["computed"]]).toEqual([0, ["computed", "last"], 1]);
  });

  test("brings back an array that is longer than a call has arguments", () => {
    const list = Array.from({ length: 300_000 }, (_, index) => index);
    const memory = remember(list);
    list.length = 1;
    expect(memory.restore()).toBe(true);
    expect(list).toHaveLength(300_000);
  });

  test("says what it could not bring back, and throws nothing", () => {
    const list: number[] = [1];
    const settings: Record<string, number> = { a: 1, b: 2 };
    const memory = remember([list, settings]);
    list.push(2);
    Object.freeze(list);
    delete settings["a"];
    settings["b"] = 3;
    Object.preventExtensions(settings);
    expect(memory.restore()).toBe(false);
    expect([list, settings]).toEqual([[1, 2], { b: 2 }]);
  });

  test("puts objects back, and not copies of them", () => {
    const item = { n: 1 };
    const list = [item];
    const memory = remember(list);
    list.pop();
    memory.restore();
    expect(list[0]).toBe(item);
  });
});
