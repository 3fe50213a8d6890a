import { describe, expect, test } from "vitest";
import { readCargoLine } from "../../src/build/cargo-messages.ts";
import { randomFrom } from "../support/random.ts";

const folders = { workspace: "/project", root: "/project" };
const read = (said: unknown): ReturnType<typeof readCargoLine> =>
  readCargoLine(JSON.stringify(said), folders);

function message(parts: object): object {
  return {
    reason: "compiler-message",
    message: { level: "error", message: "no", spans: [], rendered: "r", ...parts },
  };
}

describe("what cargo says", () => {
  test("the place of an error is its primary one", () => {
    const spans = [
      { file_name: "src/a.rs", line_start: 1, column_start: 2, is_primary: false },
      { file_name: "src/b.rs", line_start: 3, column_start: 4, is_primary: true },
    ];
    expect(read(message({ spans }))).toEqual({
      type: "diagnostic",
      diagnostic: { level: "error", message: "no", file: "src/b.rs", line: 3, column: 4, rendered: "r" },
    });
  });

  test("an error inside of a macro of the library is where the macro is used", () => {
    const used = { file_name: "src/main.rs", line_start: 7, column_start: 5, is_primary: true };
    const spans = [
      { file_name: "/rustc/abc/macros.rs", line_start: 1, is_primary: true, expansion: { span: used } },
    ];
    expect(read(message({ spans }))).toMatchObject({
      diagnostic: { file: "src/main.rs", line: 7, column: 5 },
    });
  });

  test("sums are none, and errors without a place are", () => {
    for (const text of ["aborting due to 2 previous errors", "3 warnings emitted"])
      expect(read(message({ message: text }))).toEqual({ type: "other" });
    expect(read(message({ level: "failure-note", message: "For more information" }))).toEqual({
      type: "other",
    });
    expect(read(message({ message: "linking with `cc` failed" }))).toMatchObject({
      diagnostic: { level: "error", message: "linking with `cc` failed" },
    });
  });

  test("whether there was anything to do", () => {
    const artifact = { reason: "compiler-artifact", target: { kind: ["lib"] } };
    expect(read({ ...artifact, fresh: true })).toEqual({ type: "artifact", isFresh: true, isUsed: true });
    const program = { ...artifact, fresh: false, target: { kind: ["bin"] } };
    expect(read(program)).toEqual({ type: "artifact", isFresh: false, isUsed: false });
    expect(read({ reason: "build-finished", success: true })).toEqual({ type: "finished", isOk: true });
  });

  test("lines of other programs are not cargo's, whatever they look like", () => {
    for (const line of ["hello", "", "{", '{ "reason": 3 }', '{ "reason": "mine" }', "[1]", "null", '{"a":'])
      expect(readCargoLine(line, folders)).toBeUndefined();
  });

  test("messages of any shape are read without a fault", () => {
    for (const part of [null, 1, "x", [], {}, { spans: 1 }, { spans: [null, 1, {}], message: 4 }])
      expect(() => read({ reason: "compiler-message", message: part })).not.toThrow();
  });

  test("a place is one that can be counted to, or none", () => {
    for (const line_start of [0, -1, 1.5, 1e300 * 10, "3", null]) {
      const spans = [{ file_name: "src/a.rs", line_start, column_start: line_start, is_primary: true }];
      expect(read(message({ spans }))).toEqual({
        type: "diagnostic",
        diagnostic: { level: "error", message: "no", file: "src/a.rs", rendered: "r" },
      });
    }
  });

  test("macros may use macros as often as they like", () => {
    const depth = 20_000;
    const text = `{"file_name":"/rustc/m.rs","expansion":{"span":`.repeat(depth);
    const span = `${text}{"file_name":"src/main.rs","line_start":9}${"}}".repeat(depth)}`;
    const line = `{"reason":"compiler-message","message":{"message":"no","spans":[${span}]}}`;
    expect(readCargoLine(line, folders)).toMatchObject({ diagnostic: { file: "src/main.rs", line: 9 } });
  });

  test("whatever stands in a message in place of what is expected, it is read without a fault, and has a type", () => {
    for (let seed = 0; seed < 3_000; seed++) {
      const random = randomFrom(seed);
      const line = JSON.stringify(spoilt(SPECIMEN, random)) ?? "";
      for (const each of [line, line.slice(0, random(line.length))]) {
        const found = readCargoLine(each, folders);
        if (found?.type !== "diagnostic") continue;
        const { message: text, level, file, line: at = 1, column = 1, rendered = "" } = found.diagnostic;
        expect([seed, typeof text, typeof rendered]).toEqual([seed, "string", "string"]);
        expect(["error", "warning", "note"]).toContain(level);
        expect(file === undefined || typeof file === "string").toBe(true);
        expect(Number.isInteger(at) && at > 0 && Number.isInteger(column) && column > 0).toBe(true);
      }
    }
  });
});

const SPECIMEN = {
  reason: "compiler-message",
  message: {
    level: "error",
    message: "no",
    rendered: "drawn",
    code: { code: "E0308" },
    spans: [
      {
        file_name: "/rustc/macros.rs",
        line_start: 1,
        column_start: 2,
        is_primary: true,
        expansion: { span: { file_name: "src/main.rs", line_start: 3, column_start: 4, is_primary: false } },
      },
      { file_name: "src/b.rs", line_start: 5, column_start: 6, is_primary: false },
    ],
  },
};

const JUNK = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  "",
  "a",
  "\u0000",
  "../../x",
  [],
  [[]],
  {},
  { span: {} },
  ["a"],
];

/** The same, with something else in some places, or with nothing. */
function spoilt(value: unknown, random: ReturnType<typeof randomFrom>): unknown {
  if (random(12) === 0) return random(4) === 0 ? undefined : JUNK[random(JUNK.length)];
  if (Array.isArray(value)) return value.map((each) => spoilt(each, random));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spoilt(each, random)]));
}
