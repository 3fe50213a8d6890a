import { describe, expect, test } from "vitest";
import { createRateLimit, type RateLimitOptions } from "../../src/state/index.ts";
import { fakeClock, fakeHost, useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

function limitWithClock(maxRequests: number, windowMs: number, options: RateLimitOptions = {}) {
  const { now, pass } = fakeClock();
  return { limit: createRateLimit("l", maxRequests, windowMs, { ...options, now }), pass, start: now() };
}

describe("a rate limit", () => {
  test("allows so many requests in a window, and counts only those", () => {
    const { limit, start } = limitWithClock(2, 100);
    const resetTime = start + 100;
    expect([limit.check("a"), limit.check("a"), limit.check("a")]).toEqual([
      { allowed: true, remaining: 1, resetTime, count: 1 },
      { allowed: true, remaining: 0, resetTime, count: 2 },
      { allowed: false, remaining: 0, resetTime, count: 2 },
    ]);
  });

  test("begins a new window when the old one has ended", () => {
    const { limit, pass, start } = limitWithClock(1, 100);
    limit.check("a");
    pass(99);
    expect(limit.check("a").allowed).toBe(false);
    pass(1);
    expect(limit.check("a")).toEqual({ allowed: true, remaining: 0, resetTime: start + 200, count: 1 });
  });

  test("counts each identifier by itself, and all without one together", () => {
    const { limit } = limitWithClock(1, 100);
    expect(["a", "b", undefined, null].map((id) => limit.check(id).allowed)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test("can be reset for one identifier or for all", () => {
    const { limit } = limitWithClock(1, 100);
    const check = (): boolean[] => [limit.check("a").allowed, limit.check("b").allowed];
    check();
    limit.reset("a");
    expect(check()).toEqual([true, false]);
    limit.clear();
    expect(check()).toEqual([true, true]);
  });

  test("holds a bounded number of windows; the one that ends first makes room", () => {
    const { limit, pass } = limitWithClock(1, 100, { maxIdentifiers: 2 });
    limit.check("a");
    pass(10);
    limit.check("b");
    limit.check("c");
    expect([limit.check("b").allowed, limit.check("c").allowed]).toEqual([false, false]);
    expect(limit.check("a").allowed).toBe(true);
  });

  test("keeps its counts when its module is edited, and the new numbers apply to open windows", () => {
    const host = fakeHost();
    const { now } = fakeClock();
    host.edit("m.ts", () => createRateLimit("l", 1, 100, { now })).check("a");
    const limit = host.edit("m.ts", () => createRateLimit("l", 3, 500, { now }));
    expect(limit.check("a")).toEqual({ allowed: true, remaining: 1, resetTime: now() + 500, count: 2 });
  });

  test("has not changed if the edit was abandoned", () => {
    const host = fakeHost();
    const limit = host.edit("m.ts", () => createRateLimit("l", 2));
    host.evaluate("m.ts", () => createRateLimit("l", 1).check("a")).abandon();
    expect(limit.check("a")).toMatchObject({ allowed: true, remaining: 1 });
  });
});

test.each([
  [
    () => createRateLimit("l", 0),
    RangeError,
    "createRateLimit expected `maxRequests` to be a whole number of at least 1 (or Infinity), got 0 (number).",
  ],
  [
    () => createRateLimit("l", 1, -5),
    RangeError,
    "createRateLimit expected `windowMs` to be a number of milliseconds above 0 (or Infinity), got -5 (number).",
  ],
])("a wrong argument is refused with one sentence: %#", (call, type, message) => {
  expect(call).toThrow(new type(`[orbit] ${message}`));
});
