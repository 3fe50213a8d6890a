import { expect, test } from "vitest";
import { pauseBefore } from "../../src/reload/backoff.ts";

test.for([
  [1, 0, 50],
  [2, 0, 100],
  [3, 0, 200],
  [1, 1, 62.5],
  [3, 0.5, 225],
])("before retry %d, with chance at %d, it waits %d ms", ([retry = 0, chance = 0, ms]) => {
  expect(pauseBefore(retry, () => chance)).toBe(ms);
});
