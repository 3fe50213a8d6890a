import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createTurns } from "../../src/project/yielder.ts";
import { createSignal } from "../vite/support/signal.ts";
import { Preparations } from "../../src/session/preparations.ts";

/** Work that takes so long that a turn ends after each item. */
function work(): void {
  const until = performance.now() + 9;
  while (performance.now() < until);
}

test("reading the project gives way to a request that waits for its code", async () => {
  const preparations = new Preparations();
  const turns = createTurns(() => preparations.idle());
  const request = createSignal();
  const answered = preparations.during(request.promise);
  const read: number[] = [];
  const reading = turns.each([1, 2, 3], (item) => {
    work();
    read.push(item);
  });
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  expect(read).toEqual([1]);
  request.resolve();
  await Promise.all([answered, reading]);
  expect(read).toEqual([1, 2, 3]);
});

test("nobody waits where no request does, also after one that failed", async () => {
  const preparations = new Preparations();
  expect(preparations.idle()).toBeUndefined();
  const failing = preparations.during(Promise.reject(new Error("broken")));
  const idle = preparations.idle();
  await expect(failing).rejects.toThrow("broken");
  await idle;
  expect(preparations.idle()).toBeUndefined();
});
