import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { listenToKeys, type KeyCommand } from "../../src/cli/keys.ts";

class FakeTerminalInput extends EventEmitter {
  isRaw = false;
  isPaused = false;

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }

  setEncoding(): void {
    // text comes as text
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }
}

function wishesFor(...chunks: readonly string[]): KeyCommand[] {
  const input = new FakeTerminalInput();
  const wishes: KeyCommand[] = [];
  listenToKeys(input, (command) => wishes.push(command));
  for (const chunk of chunks) input.emit("data", chunk);
  return wishes;
}

test.each<[key: string, command: KeyCommand]>([
  ["r", "reload"],
  ["R", "restart"],
  ["b", "build"],
  ["u", "urls"],
  ["o", "open"],
  ["c", "clear"],
  ["h", "help"],
  ["q", "quit"],
  ["\u0003", "quit"],
])("the key %j means %s", (key, command) => {
  expect(wishesFor(key)).toEqual([command]);
});

test("pasted text and arrow keys mean nothing", () => {
  expect(wishesFor("require", "\u001B[A", "\u001B[1;1R", "x", "")).toEqual([]);
});

test("Ctrl+C quits even between other keys", () => {
  expect(wishesFor("rr\u0003")).toEqual(["quit"]);
});

test("the terminal is given back as it was", () => {
  const input = new FakeTerminalInput();
  const stop = listenToKeys(input, () => undefined);
  expect(input.isRaw).toBe(true);
  stop();
  expect(input).toMatchObject({ isRaw: false, isPaused: true });
  expect(input.listenerCount("data")).toBe(0);
});

test("a terminal that goes away is no error", () => {
  const input = new FakeTerminalInput();
  listenToKeys(input, () => undefined);
  expect(() => input.emit("error", new Error("EIO"))).not.toThrow();
});
