import { expect, test, vi } from "vitest";
import { useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

test("two copies of the package share one memory", async () => {
  const one = await import("../../src/state/index.ts");
  vi.resetModules();
  const two = await import("../../src/state/index.ts");
  expect(one.createStore).not.toBe(two.createStore);
  const seen: unknown[] = [];
  two.createStore("s", 0).subscribe((next) => seen.push(next));
  one.createStore("s", 0).set(5);
  expect([two.createStore("s", 0).get(), seen]).toEqual([5, [5]]);
});
