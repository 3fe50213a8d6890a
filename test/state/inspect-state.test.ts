import { afterEach, expect, test } from "vitest";
import { createStatefulHandler, createStore, globalStateManager } from "../../src/state/index.ts";
import { inspectState, jsonPartsOf, replaceState, resetState } from "../../src/state/inspect-state.ts";

afterEach(() => globalStateManager.clear());

const circle: unknown[] = [];
circle.push(circle);
const shared = { a: 1 };

test.each<[string, unknown]>([
  ["a date", new Date(0)],
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["minus zero", -0],
  ["a bigint", 1n],
  ["a circle", circle],
  ["a hole", [1, , 3]], // oxlint-disable-line no-sparse-arrays
  ["a function", () => 1],
  ["a map", new Map()],
  ["a symbol for a key", { [Symbol("s")]: 1 }],
  [
    "a class instance",
    new (class Price {
      of = 1;
    })(),
  ],
  ["more than can be edited", Array.from({ length: 30_000 }, () => 1)],
])("JSON cannot say %s", (_what, value) => {
  expect(jsonPartsOf([value]).sayable).toBeUndefined();
  expect(jsonPartsOf({ value, count: 1 })).toEqual({ sayable: { count: 1 }, others: { value } });
});

test("no getter is run to know what JSON can say", () => {
  const value = Object.defineProperty({ a: 1 }, "b", {
    enumerable: true,
    get: () => {
      throw new Error("run");
    },
  });
  expect(jsonPartsOf(value)).toEqual({ sayable: { a: 1 }, others: { b: undefined } });
});

test("the same object at two places is no circle", () => {
  expect(jsonPartsOf([shared, shared]).sayable).toEqual([{ a: 1 }, { a: 1 }]);
});

test("a state that is replaced is one change, and what is the same as before stays the very same", () => {
  const items = ["tea"];
  const cart = createStatefulHandler({ count: 0, items, note: "" }, {}, { id: "cart" });
  const before = cart.getState();
  replaceState("handler", "cart", { count: 2, items: ["tea"], extra: true });
  expect(cart.getState()).toEqual({ count: 2, items: ["tea"], extra: true });
  expect(cart.getState().items).toBe(before.items);
  expect(cart.history()).toHaveLength(1);
  resetState("handler", "cart");
  expect(cart.getState()).toEqual({ count: 0, items: ["tea"], note: "" });
  expect(cart.history()).toHaveLength(2);
});

test("listeners hear of a store that is replaced", () => {
  const store = createStore("theme", "dark");
  const heard: unknown[] = [];
  store.subscribe((next, previous) => heard.push([next, previous]));
  replaceState("store", "theme", "light");
  expect(heard).toEqual([["light", "dark"]]);
  expect(inspectState("store", "theme")).toMatchObject({ kind: "store", value: "light" });
});

test("what nobody has made cannot be looked into, and nothing comes of writing it", () => {
  expect(inspectState("store", "nobody")).toBeUndefined();
  replaceState("store", "nobody", 1);
  resetState("store", "nobody");
  expect(globalStateManager.keys()).toEqual([]);
});
