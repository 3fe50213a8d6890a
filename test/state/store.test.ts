import { describe, expect, test } from "vitest";
import { createStore } from "../../src/state/index.ts";
import { fakeHost, useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

describe("a store", () => {
  test("holds the very value it was given", () => {
    const value = { theme: "dark" };
    expect(createStore("s", value).get()).toBe(value);
  });

  test("set replaces, update replaces by what the updater makes or by a value", () => {
    const store = createStore<Record<string, unknown>>("s", { theme: "dark" });
    expect(store.set({ theme: "light" })).toEqual({ theme: "light" });
    expect(store.update((previous) => ({ ...previous, language: "en" }))).toEqual({
      theme: "light",
      language: "en",
    });
    expect(store.update({})).toEqual({});
    expect(store.get()).toEqual({});
  });

  test("has a value until it is deleted, and from then on gives a copy of the initial one", () => {
    const store = createStore("s", [1]);
    store.set([2]);
    expect(store.has()).toBe(true);
    expect([store.delete(), store.delete()]).toEqual([true, false]);
    expect(store.has()).toBe(false);
    expect(store.get()).toEqual([1]);
    store.set([3]);
    expect([store.has(), store.get()]).toEqual([true, [3]]);
  });

  test("is one store by its key, and another one by another key", () => {
    createStore("s", 0).set(1);
    expect([createStore("s", 0).get(), createStore("t", 0).get()]).toEqual([1, 0]);
  });

  test("tells its subscribers each value", () => {
    const store = createStore("s", 0);
    const seen: unknown[] = [];
    const unsubscribe = store.subscribe((next, previous) => seen.push([next, previous]));
    store.set(1);
    store.update((n) => n + 1);
    store.delete();
    unsubscribe();
    store.set(9);
    expect(seen).toEqual([
      [1, 0],
      [2, 1],
      [0, 2],
    ]);
  });

  test("keeps its value when the module that made it is edited", () => {
    const host = fakeHost();
    host.edit("m.ts", () => createStore("s", 0)).set(1);
    expect(host.edit("m.ts", () => createStore("s", 5)).get()).toBe(1);
  });

  test("shows an edited initial value if the value was never changed", () => {
    const host = fakeHost();
    host.edit("m.ts", () => createStore("s", { a: 1 }));
    expect(host.edit("m.ts", () => createStore("s", { a: 2 })).get()).toEqual({ a: 2 });
  });

  test("stays deleted when the module that made it is edited", () => {
    const host = fakeHost();
    host.edit("m.ts", () => createStore("s", 1)).delete();
    expect(host.edit("m.ts", () => createStore("s", 1)).has()).toBe(false);
  });

  test("refuses an empty key", () => {
    expect(() => createStore("", 0)).toThrow(
      '[orbit] createStore expected `key` to be a non-empty string, got "" (string).',
    );
  });
});
