import { expect, test } from "vitest";
import { Lines } from "../../src/build/lines.ts";
import { randomFrom } from "../support/random.ts";

const SIGNS = ["a", "{", '"', "\n", "\n\n", "\r", "\r\n", "é", "😀", "\u001B[1m", "\uFFFD", " "] as const;

test("wherever a text is cut, its lines are the same", () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = randomFrom(seed);
    const signs = Array.from({ length: random(60) }, () => SIGNS[random(SIGNS.length)] ?? "");
    const text = signs.join("");
    const ends = random(2) === 0 ? /\n/ : /\r|\n/;
    const lines = new Lines(ends);
    const found: string[] = [];
    for (let at = 0; at < text.length;) {
      const length = random(7);
      found.push(...lines.add(text.slice(at, at + length)));
      at += length;
    }
    expect([seed, [...found, lines.takeRest()]]).toEqual([seed, text.split(ends)]);
    expect(lines.takeRest()).toBe("");
  }
});

test("a line without an end comes in parts, and costs what its length costs", () => {
  const lines = new Lines(/\n/);
  const piece = "x".repeat(64 * 1024);
  let length = 0;
  let longest = 0;
  // 256 MB: to put it together for each piece would be to copy 500 GB.
  for (let count = 0; count < 4_096; count++) {
    for (const part of lines.add(piece)) {
      length += part.length;
      longest = Math.max(longest, part.length);
    }
  }
  expect(longest).toBeLessThan(9 * 2 ** 20);
  expect(length + lines.takeRest().length).toBe(4_096 * piece.length);
  expect(lines.add("the next\nis whole\n")).toEqual(["the next", "is whole"]);
});
