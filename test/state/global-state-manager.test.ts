import { describe, expect, test } from "vitest";
import { describeState } from "../../src/state/describe-state.ts";
import {
  createCache,
  createRateLimit,
  createSingleton,
  createStatefulHandler,
  createStore,
  globalStateManager,
} from "../../src/state/index.ts";
import { fakeClock, fakeHost, SLOT, useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

describe("cleanup", () => {
  test("removes what has expired and says how much it was", () => {
    const { now, pass } = fakeClock();
    const cache = createCache("c", 100, { now });
    cache.set("a", 1);
    cache.set("b", 2, Infinity);
    createRateLimit("l", 1, 50, { now }).check("x");
    pass(100);
    expect(globalStateManager.cleanup(now())).toBe(2);
    expect(globalStateManager.cleanup(now())).toBe(0);
    expect(cache.keys()).toEqual(["b"]);
  });
});

describe("keys", () => {
  test("lists what holds something, each key once", () => {
    createStore("shared", 1);
    createCache("shared");
    createStatefulHandler({}, {}, { id: "handler" });
    createSingleton("pool", () => 1);
    expect(globalStateManager.keys()).toEqual(["shared", "handler", "pool"]);
  });
});

describe("clear", () => {
  test("with a key empties what has this key, of whatever kind", () => {
    const store = createStore("k", 1);
    const cache = createCache("k");
    const other = createStore("other", 1);
    store.set(2);
    other.set(2);
    cache.set("a", 1);
    globalStateManager.clear("k");
    expect([store.get(), cache.size(), other.get()]).toEqual([1, 0, 2]);
  });

  test("without a key empties everything; handles go on and are listed again when they are used", () => {
    const store = createStore("k", 1);
    const handler = createStatefulHandler({ n: 0 }, {}, { id: "h" });
    store.set(2);
    handler.setState({ n: 5 });
    globalStateManager.clear();
    expect(globalStateManager.keys()).toEqual([]);
    expect([store.get(), handler.getState(), handler.history()]).toEqual([1, { n: 0 }, []]);
    expect(globalStateManager.keys()).toEqual(["k", "h"]);
  });

  test("is told to subscribers", () => {
    const store = createStore("k", 1);
    store.set(2);
    const seen: unknown[] = [];
    store.subscribe((next, previous) => seen.push([next, previous]));
    globalStateManager.clear();
    expect(seen).toEqual([[1, 2]]);
  });

  test("by code that is abandoned has cleared nothing", () => {
    const host = fakeHost();
    const closed: unknown[] = [];
    const store = createStore("k", 1);
    store.set(2);
    createSingleton("pool", () => "pool", { dispose: (pool) => closed.push(pool) });
    host.evaluate("m.ts", () => globalStateManager.clear()).abandon();
    expect([store.get(), closed, globalStateManager.keys()]).toEqual([2, [], ["k", "pool"]]);
    host.evaluate("m.ts", () => globalStateManager.clear()).goLive();
    expect([store.get(), closed]).toEqual([1, ["pool"]]);
  });
});

describe("export and import", () => {
  test("carry all values into another process, before or after the code that defines them", () => {
    const { now } = fakeClock();
    const use = () => ({
      handler: createStatefulHandler({ n: 0, when: new Date(0) }, {}, { id: "h" }),
      store: createStore("s", new Map<string, bigint>()),
      cache: createCache<number[]>("c", 100, { now }),
      limit: createRateLimit("l", 2, 100, { now }),
    });
    const first = use();
    first.handler.setState({ n: 5 });
    first.store.set(new Map([["a", 1n]]));
    first.cache.set("k", [1], 500);
    first.limit.check("x");
    first.limit.check(undefined);
    const snapshot = structuredClone(globalStateManager.export());

    for (const order of ["before", "after"]) {
      Reflect.deleteProperty(globalThis, SLOT);
      if (order === "after") use();
      globalStateManager.import(snapshot);
      const { handler, store, cache, limit } = use();
      expect(handler.getState()).toEqual({ n: 5, when: new Date(0) });
      expect(store.get()).toEqual(new Map([["a", 1n]]));
      expect(cache.get("k")).toEqual([1]);
      expect(limit.check("x")).toMatchObject({ count: 2, remaining: 0 });
      expect(limit.check(undefined).count).toBe(2);
    }
  });

  test("a default that was never changed still follows an edit after an import", () => {
    const host = fakeHost();
    host.edit("m.ts", () => createStatefulHandler({ a: 1, b: 1 }, {}, { id: "h" })).setState({ b: 2 });
    globalStateManager.import(globalStateManager.export());
    expect(
      host.edit("m.ts", () => createStatefulHandler({ a: 9, b: 9 }, {}, { id: "h" })).getState(),
    ).toEqual({ a: 9, b: 2 });
  });

  test("an export shares nothing with the state", () => {
    const store = createStore("s", { list: [1] });
    const snapshot = globalStateManager.export();
    store.get().list.push(2);
    expect(snapshot.entries).toEqual([{ kind: "store", key: "s", state: { value: { list: [1] } } }]);
  });

  test("cycles are exported as cycles", () => {
    const value: { self?: unknown } = {};
    value.self = value;
    createStore("s", value);
    const [entry] = structuredClone(globalStateManager.export()).entries as unknown as [
      { state: { value: { self?: unknown } } },
    ];
    expect(entry.state.value.self).toBe(entry.state.value);
  });

  test("a very long chain of objects is exported", () => {
    let chain: unknown;
    for (let n = 0; n < 50_000; n += 1) chain = { next: chain };
    createStore("s", chain);
    expect(() => globalStateManager.export()).not.toThrow();
  });

  test("what cannot be saved is left out and named once for each place", () => {
    const host = fakeHost();
    class Client {
      open = true;
    }
    createStore("s", {
      run: () => 1,
      kept: 1,
      items: [new Client(), new Client(), 2],
      tag: Symbol("t"),
      later: Promise.resolve(),
    });
    createCache("c").set("k", new Client());
    createSingleton("pool", () => new Client());
    for (let round = 0; round < 2; round += 1) {
      expect(globalStateManager.export().entries).toEqual([
        { kind: "store", key: "s", state: { value: { kept: 1, items: [undefined, undefined, 2] } } },
        { kind: "cache", key: "c", records: [] },
      ]);
    }
    expect(host.problems.map(({ message }) => message).toSorted()).toEqual([
      '[orbit] cache "c"<item> is an instance of Client: it is left out of the export.',
      '[orbit] store "s".value.items[] is an instance of Client: it is left out of the export.',
      '[orbit] store "s".value.later is an instance of Promise: it is left out of the export.',
      '[orbit] store "s".value.run is a function: it is left out of the export.',
      '[orbit] store "s".value.tag is a symbol: it is left out of the export.',
    ]);
  });

  test.each<[unknown, string]>([
    [undefined, "`snapshot` to be what globalStateManager.export() gave, got undefined"],
    [{ version: 2 }, "`snapshot.version` to be 1, got 2 (number)"],
    [{ version: 1 }, "`snapshot.entries` to be an array, got undefined"],
    [
      { version: 1, entries: [{ key: "k" }] },
      '`snapshot.entries[0].kind` to be "handler", "store", "cache" or "rate-limit", got undefined',
    ],
    [
      { version: 1, entries: [{ kind: "store", key: 1 }] },
      "`snapshot.entries[0].key` to be a non-empty string, got 1 (number)",
    ],
    [
      { version: 1, entries: [{ kind: "store", key: "k", state: [] }] },
      "`snapshot.entries[0].state` to be an object, got an array of 0",
    ],
    [
      { version: 1, entries: [{ kind: "cache", key: "k", records: [{ key: {}, storedAt: 1 }] }] },
      "`snapshot.entries[0].records[0].key` to be a string, a number, null or undefined, got an object",
    ],
    [
      { version: 1, entries: [{ kind: "rate-limit", key: "k", windows: [{ startedAt: 1, count: "1" }] }] },
      '`snapshot.entries[0].windows[0].count` to be a number of at least 0, got "1" (string)',
    ],
  ])("a wrong snapshot is refused with one sentence: %#", (snapshot, message) => {
    expect(() => globalStateManager.import(snapshot)).toThrow(
      new TypeError(`[orbit] globalStateManager.import expected ${message}.`),
    );
  });

  test("a snapshot that is wrong in one place changes nothing", () => {
    const store = createStore("s", 1);
    const good = { kind: "store", key: "s", state: { value: 2 } };
    expect(() => globalStateManager.import({ version: 1, entries: [good, {}] })).toThrow(TypeError);
    expect(store.get()).toBe(1);
  });

  test("a hostile snapshot reaches no prototype", () => {
    const hostile: unknown = JSON.parse(
      '{"version":1,"entries":[{"kind":"handler","key":"__proto__","state":{"__proto__":{"polluted":1},"deep":{"__proto__":{"polluted":1}}}}]}',
    );
    globalStateManager.import(hostile);
    const state = createStatefulHandler<Record<string, unknown>>({}, {}, { id: "__proto__" }).getState();
    expect(state["polluted"]).toBeUndefined();
    expect((state["deep"] as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("describeState", () => {
  test("names what is kept and shows no values", () => {
    const host = fakeHost();
    createStore("s", "secret");
    createCache("c").set("secret", "secret");
    createRateLimit("l").check("secret");
    createSingleton("p", () => "secret");
    host.edit("m.ts", () => createStatefulHandler({ secret: "secret" }));
    host.edit("n.ts", () => createStatefulHandler({ n: 0 }, {}, { id: "n.ts:handler" }), {
      preserveState: false,
    });
    expect(describeState()).toEqual({
      cache: [{ key: "c", size: 1, hits: 0, misses: 0 }],
      state: [
        { id: "s", kind: "store", kept: true },
        { id: "l", kind: "rate-limit", kept: true },
        { id: "p", kind: "singleton", kept: true },
        { id: "m.ts:#1", kind: "handler", kept: true },
        { id: "n.ts:handler", kind: "handler", kept: false },
      ],
    });
  });

  test("knows a state without an id by its module and its turn", () => {
    const host = fakeHost();
    host.edit("m.ts", () => createStatefulHandler({ n: 0 }));
    host.edit("m.ts", () => createStatefulHandler({ n: 0 }));
    expect(describeState().state).toEqual([{ id: "m.ts:#1", kind: "handler", kept: true }]);
  });
});
