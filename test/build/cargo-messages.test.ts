import { describe, expect, test } from "vitest";
import { readCargoLine } from "../../src/build/cargo-messages.ts";

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
});
