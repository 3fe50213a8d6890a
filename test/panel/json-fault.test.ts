import { expect, test } from "vitest";
import { randomFrom } from "../support/random.ts";
import { jsonFault } from "../../src/panel/json-fault.ts";

test.each([
  [`{ "a": 1,\n  "b": }`, 2, 8, "Expected a value, got “}”."],
  [`{ "a": 1\n  "b": 2 }`, 2, 3, 'Expected “,” or “}”, got “"”.'],
  [`{ a: 1 }`, 1, 3, "Expected a key in double quotes or “}”, got “a”."],
  [`{ "a": 1, }`, 1, 11, "Expected a key in double quotes, got “}”."],
  [`[1, 2`, 1, 6, "Expected “,” or “]”, got the end of the text."],
  [`[1, 2]]`, 1, 7, "Expected nothing more, got “]”."],
  [`{ "a" 1 }`, 1, 7, "Expected “:” after the key, got “1”."],
  [`{ "a": "one\n" }`, 1, 8, "This string does not end on its line, or has a wrong escape in it."],
  [`[undefined]`, 1, 2, "Expected a value or “]”, got “undefined”."],
  [`[01]`, 1, 2, "Expected a value or “]”, got “01”."],
  [``, 1, 1, "Expected a value, got the end of the text."],
])("%j is wrong at %d:%d: %s", (text, line, column, message) => {
  expect(jsonFault(text)).toEqual({ line, column, message });
});

test("what JSON.parse takes has no fault, and what it does not take has one", () => {
  const random = randomFrom(7);
  const good = JSON.stringify({ a: [1, -2.5e10, true, null, 'x\\\n"é'], b: { c: {}, d: [] } }, undefined, 2);
  expect(jsonFault(good)).toBeUndefined();
  for (let round = 0; round < 2_000; round++) {
    const at = random(good.length);
    const sign = `{}[]:,"\\0e.x -`[random(14)] ?? "";
    const text = good.slice(0, at) + sign + good.slice(at + random(2));
    const fault = jsonFault(text);
    expect({ text, isJson: fault === undefined }).toEqual({ text, isJson: isJson(text) });
    expect(fault === undefined || fault.column >= 1).toBe(true);
  }
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
