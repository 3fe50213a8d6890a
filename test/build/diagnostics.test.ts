import { describe, expect, test } from "vitest";
import { readDiagnostics } from "../../src/build/diagnostics.ts";
import { randomFrom } from "../support/random.ts";

const at = { folder: "/project/sub", root: "/project" };

describe("what compilers write, whoever they are", () => {
  test.for([
    {
      name: "gcc and clang",
      text: "main.c:3:5: error: expected ';'\n  int x\n      ^\nlib/a.c:7:1: warning: unused\n",
      found: [
        { level: "error", file: "sub/main.c", line: 3, column: 5, message: "expected ';'" },
        { level: "warning", file: "sub/lib/a.c", line: 7, column: 1, message: "unused" },
      ],
    },
    {
      name: "gcc without a column",
      text: "main.c:3: fatal error: x.h: No such file or directory\r\n",
      found: [{ level: "error", file: "sub/main.c", line: 3, message: "x.h: No such file or directory" }],
    },
    {
      name: "rustc, with colours",
      text: "\u001B[1m\u001B[38;5;9merror[E0308]\u001B[0m\u001B[1m: mismatched types\u001B[0m\n \u001B[1m--> \u001B[0msrc/main.rs:2:18\n  |\n",
      found: [{ level: "error", file: "sub/src/main.rs", line: 2, column: 18, message: "mismatched types" }],
    },
    {
      name: "asc",
      text: "ERROR TS2322: Type '~lib/string/String' is not assignable to type 'i32'.\n   :\n 1 │ export const a: i32 = \"x\";\n   │                       ~~~\n   └─ in assembly/index.ts(1,23)\n\nFAILURE 1 compile error(s)\n",
      found: [
        {
          level: "error",
          file: "sub/assembly/index.ts",
          line: 1,
          column: 23,
          message: "TS2322: Type '~lib/string/String' is not assignable to type 'i32'.",
        },
      ],
    },
  ])("$name", ({ text, found }) => {
    const read = readDiagnostics(text, at).map(({ rendered: _rendered, ...rest }) => rest);
    expect(read).toEqual(found);
  });

  test("an expression of one's own, with or without flags", () => {
    const format = /^(?<level>[EW]) (?<file>\S+) line (?<line>\d+) - (?<message>.*)$/;
    expect(readDiagnostics("noise\nE a.txt line 3 - no\nW b.txt line x - no\n", { ...at, format })).toEqual([
      { level: "error", file: "sub/a.txt", line: 3, message: "no", rendered: "E a.txt line 3 - no" },
    ]);
  });

  test("files outside of the project keep their path, and places that are none are left out", () => {
    expect(readDiagnostics("/usr/include/x.h:0:0: error: no\n", at)).toEqual([
      {
        level: "error",
        file: "/usr/include/x.h",
        message: "no",
        rendered: "/usr/include/x.h:0:0: error: no",
      },
    ]);
  });

  test("a program that prints anything else has said nothing of the sources", () => {
    expect(readDiagnostics("built in 3:05 minutes\nhttps://example.com: fine\n", at)).toEqual([]);
  });

  const SIGNS = "a: ( ) , 1 : \n \r\n \u001B[1m \u001B] é 😀 \uFFFD --> └─ { \u0000".split(" ");
  const WORDS = [
    ...SIGNS,
    " ",
    "error: ",
    "error[E1]: ",
    "warning: ",
    "fatal error: ",
    "ERROR A1: ",
    "INFO ",
    " --> a.rs:1:2\n",
    "└─ in a.ts(1,2)",
    "a.c:3:5: ",
    "C:\\a.c:1: ",
  ] as const;

  test("any text is read without a fault, and the error at its end is found", () => {
    for (let seed = 0; seed < 1_000; seed++) {
      const random = randomFrom(seed);
      const text = Array.from({ length: random(80) }, () => WORDS[random(WORDS.length)] ?? "").join("");
      const found = readDiagnostics(`${text}\u001B\\\n\nmain.c:3:5: error: at the end\n`, at);
      expect([seed, found.at(-1)]).toMatchObject([
        seed,
        { file: "sub/main.c", line: 3, column: 5, message: "at the end" },
      ]);
    }
  });

  test("no text takes longer than its length", () => {
    const length = 128 * 1024;
    for (const before of ["", "error: x\n --> ", "ERROR A1: x\n └─ in "]) {
      for (const word of WORDS) {
        const begun = performance.now();
        readDiagnostics(before + word.repeat(Math.ceil(length / word.length)), at);
        // Some milliseconds; what takes as long as the square of it takes minutes.
        expect(performance.now() - begun, `of ${JSON.stringify(before + word)}`).toBeLessThan(3_000);
      }
    }
  });
});
