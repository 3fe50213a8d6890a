import { describe, expect, test } from "vitest";
import { type CacheOptions, createCache } from "../../src/state/index.ts";
import { describeState } from "../../src/state/describe-state.ts";
import { fakeClock, fakeHost, useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

function cacheWithClock(ttlMs: number, options: CacheOptions = {}) {
  const { now, pass } = fakeClock();
  return { cache: createCache("c", ttlMs, { ...options, now }), pass, now };
}

describe("a cached value", () => {
  test("is there until its time to live has passed", () => {
    const { cache, pass } = cacheWithClock(100);
    cache.set("a", 1);
    pass(99);
    expect(cache.get("a")).toBe(1);
    pass(1);
    expect(cache.get("a")).toBeUndefined();
  });

  test("may have a time to live of its own", () => {
    const { cache, pass } = cacheWithClock(100);
    cache.set("short", 1, 10);
    cache.set("forever", 2, Infinity);
    pass(1_000_000);
    expect([cache.get("short"), cache.get("forever")]).toEqual([undefined, 2]);
  });

  test("can be stored under null and undefined, which are two keys", () => {
    const { cache } = cacheWithClock(100);
    cache.set(null, "null");
    expect([cache.get(null), cache.get(undefined)]).toEqual(["null", undefined]);
  });

  test("is gone after delete, which says whether it was there", () => {
    const { cache, pass } = cacheWithClock(100);
    cache.set("a", 1);
    cache.set("b", 1);
    expect([cache.delete("a"), cache.delete("a")]).toEqual([true, false]);
    pass(100);
    expect(cache.delete("b")).toBe(false);
  });
});

describe("a cache", () => {
  test("counts and lists only what has not expired", () => {
    const { cache, pass } = cacheWithClock(100);
    cache.set("a", 1, 50);
    cache.set("b", 2);
    pass(50);
    expect([cache.size(), cache.keys()]).toEqual([1, ["b"]]);
    cache.clear();
    expect([cache.size(), cache.keys()]).toEqual([0, []]);
  });

  test("that is full lets the least recently used value go", () => {
    const { cache } = cacheWithClock(100, { maxEntries: 2 });
    cache.set("a", 1);
    cache.set("b", 2);
    cache.get("a");
    cache.set("c", 3);
    expect(cache.keys()).toEqual(["a", "c"]);
  });

  test("that is full lets expired values go first", () => {
    const { cache, pass } = cacheWithClock(100, { maxEntries: 2 });
    cache.set("a", 1);
    cache.set("short", 2, 10);
    pass(10);
    cache.set("c", 3);
    expect(cache.keys()).toEqual(["a", "c"]);
  });

  test("does not pile up expired values that nobody asks for", () => {
    const { cache, pass } = cacheWithClock(100);
    for (let n = 0; n < 10_000; n += 1) {
      cache.set(n, n);
      pass(10);
    }
    const entries = (
      globalThis as unknown as Record<
        symbol,
        { entries: Map<string, { live: { records: Map<unknown, unknown> } }> }
      >
    )[Symbol.for("orbit-hmr:state@1")]?.entries;
    expect(entries?.get("cache:c")?.live.records.size).toBeLessThan(100);
  });

  test("counts hits and misses", () => {
    const { cache, now } = cacheWithClock(100);
    cache.set("a", 1);
    cache.get("a");
    cache.get("a");
    cache.get("b");
    expect(describeState(now()).cache).toEqual([{ key: "c", size: 1, hits: 2, misses: 1 }]);
  });

  test("says once that it is full, in development", () => {
    const host = fakeHost();
    const { cache } = cacheWithClock(100, { maxEntries: 1 });
    for (const key of ["a", "b", "c"]) cache.set(key, 1);
    expect(host.problems.map(({ message }) => message)).toEqual([
      '[orbit] Cache "c" is full (maxEntries: 1): the least recently used values make room.',
    ]);
  });
});

describe("when the module that made it is edited, a cache", () => {
  test("keeps its values and applies the new time to live to them", () => {
    const host = fakeHost();
    const { now, pass } = fakeClock();
    host.edit("m.ts", () => createCache("c", 100, { now })).set("a", 1);
    pass(50);
    const fresh = host.evaluate("m.ts", () => createCache("c", 20, { now }));
    expect(createCache("c", 100, { now }).get("a")).toBe(1);
    fresh.goLive();
    expect(fresh.exports.get("a")).toBeUndefined();
  });

  test("has not changed if the edit was abandoned", () => {
    const host = fakeHost();
    const { now } = fakeClock();
    const cache = host.edit("m.ts", () => createCache("c", 100, { now }));
    cache.set("a", 1);
    const seen = host.evaluate("m.ts", () => {
      const fresh = createCache("c", 1, { now, maxEntries: 1 });
      fresh.set("b", 2);
      fresh.delete("a");
      return fresh.keys();
    });
    expect(seen.exports).toEqual(["b"]);
    seen.abandon();
    expect(cache.keys()).toEqual(["a"]);
  });

  test("has what was written at the top level, beside what requests wrote", () => {
    const host = fakeHost();
    const cache = host.edit("m.ts", () => createCache("c"));
    const fresh = host.evaluate("m.ts", () => createCache("c").set("top", 1));
    cache.set("request", 2);
    fresh.goLive();
    expect(new Set(cache.keys())).toEqual(new Set(["request", "top"]));
  });
});

test.each([
  [() => createCache(""), TypeError, 'createCache expected `key` to be a non-empty string, got "" (string).'],
  [
    () => createCache("c", 0),
    RangeError,
    "createCache expected `ttlMs` to be a number of milliseconds above 0 (or Infinity), got 0 (number).",
  ],
  [
    () => createCache("c", NaN),
    RangeError,
    "createCache expected `ttlMs` to be a number of milliseconds above 0 (or Infinity), got NaN (number).",
  ],
  [
    () => createCache("c", "fast" as never),
    TypeError,
    'createCache expected `ttlMs` to be a number of milliseconds above 0 (or Infinity), got "fast" (string).',
  ],
  [
    () => createCache("c", 1, { maxEntries: 1.5 }),
    RangeError,
    "createCache expected `options.maxEntries` to be a whole number of at least 1 (or Infinity), got 1.5 (number).",
  ],
  [
    () => createCache("c").set("a", 1, -1),
    RangeError,
    "cache.set expected `customTtl` to be a number of milliseconds above 0 (or Infinity), got -1 (number).",
  ],
])("a wrong argument is refused with one sentence: %#", (call, type, message) => {
  expect(call).toThrow(new type(`[orbit] ${message}`));
});
