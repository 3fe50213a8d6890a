import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { programText } from "../../src/graph/index.ts";
import { loadOxc } from "../../src/project/oxc.ts";

const oxc = loadOxc();

/** What the transformer prints; `undefined` for what does not parse. */
function stripped(text: string): string | undefined {
  const { code, errors } = oxc.transformSync("a.ts", text, { sourcemap: false, tsconfig: false });
  return errors.length === 0 ? code : undefined;
}

/** The program printed without anything that means nothing: the slow way to compare. */
function printed(code: string): string {
  return oxc.minifySync("a.js", code, { compress: false, mangle: false, codegen: { removeWhitespace: true } })
    .code;
}

const read = (text: string): string | undefined => programText(stripped(text) ?? "");

test.each<readonly [law: string, text: string, same: string]>([
  ["comments beside statements", "a(); b();", "// one\na(); /* two */ b(); // three\n/** four */"],
  [
    "comments inside of them",
    "f(a, b, { c: 1, d() {} });",
    "f(a, // one\n b, { /* two */ c: /* three */ 1,\n /** four */ d() { /* five */ } });",
  ],
  [
    "lines",
    "const o = { a: [1, 2] }; if (o) f(); else g();",
    "const o = {\n a: [\n 1,\n 2,\n ],\n};\nif (o)\n  f()\nelse\n  g()\n",
  ],
  [
    "types",
    "import { v } from 'v'; const a = v;",
    "import { v, type T } from 'v';\ninterface I { a: 1 }\nconst a: T = v as I;",
  ],
  [
    "what begins a comment elsewhere",
    "const u = 'http://a'; const r = /\\/*[/*]/; const t = `// ${a /* b */} /*`;",
    "const u = 'http://a'; // a\nconst r = /\\/*[/*]/; /* b */ const t = `// ${a} /*`;",
  ],
  [
    "templates in templates",
    "const t = `a${b ? `c\n// d` : { e: '}' }}`;",
    "/* a */ const t = `a${b ? `c\n// d` : /* b */ { e: '}' }}`; // d",
  ],
  [
    "names beyond ASCII",
    "const f = (é) => { return é; };",
    "const f = (é) => {\n // a\n return /* b */ é; };",
  ],
])("%s", (_, text, same) => {
  expect(read(text)).toBe(read(same));
  expect(read(text)).toBeDefined();
});

test.each<readonly [law: string, text: string, other: string]>([
  ["spaces in texts", "a('b  c');", "a('b c');"],
  ["lines in templates", "a(`b\n\tc`);", "a(`b c`);"],
  ["what looks like a comment in a template", "a(`\n// b\n`);", "a(`\n`);"],
  ["what looks like a comment in a regular expression", "a(/[/*x*/]a/);", "a(/[]a/);"],
  ["signs that could run together", "a = b + +c;", "a = b++ + c;"],
  ["words that could run together", "typeof é;", "typeofé;"],
])("%s are part of the program", (_, text, other) => {
  expect(read(text)).not.toBe(read(other));
});

test.each(["if (a) /b/.test(c);", "a = (b + c) / d;", "a++ / 2;", "for (const a of /b/.exec(c)) d();"])(
  "whether a slash divides is not guessed: %s",
  (text) => {
    expect(read(text)).toBeUndefined();
  },
);

describe("over all sources of this project", () => {
  const sources = readdirSync(path.resolve(import.meta.dirname, "../.."), {
    recursive: true,
    encoding: "utf8",
  })
    .filter((file) => /^(?:src|test)\/.*(?<!\.d)\.ts$/.test(file.replaceAll("\\", "/")))
    .map((file) => readFileSync(path.resolve(import.meta.dirname, "../..", file), "utf8"));

  test("most can be read, and are the program that is printed", () => {
    const programs = sources.map((text) => stripped(text) ?? "");
    const texts = programs.map(programText);
    expect(texts.filter((text) => text !== undefined).length).toBeGreaterThan(sources.length * 0.9);
    const others = programs.filter((code, index) => {
      const text = texts[index];
      return text !== undefined && printed(text) !== printed(code);
    });
    expect(others).toEqual([]);
  });

  test("another program has another text, whatever the edit, and the same program the same in all but a few", () => {
    let [same, missed] = [0, 0];
    const mistaken: string[] = [];
    for (const [index, text] of sources.entries()) {
      const code = stripped(text) ?? "";
      const before = programText(code);
      for (const edited of editsOf(text, index)) {
        const after = stripped(edited);
        if (before === undefined || after === undefined) continue;
        const isSame = printed(after) === printed(code);
        const isToldSame = programText(after) === before;
        if (isToldSame && !isSame) mistaken.push(edited);
        if (isSame) same++;
        if (isSame && !isToldSame) missed++;
      }
    }
    expect(mistaken).toEqual([]);
    // A comment in front of an object in a list makes the transformer print the object in brackets.
    expect(missed / same).toBeLessThan(0.02);
    expect(same).toBeGreaterThan(sources.length);
  });
});

/** Edits somewhere in a text: comments and lines that mean nothing, unless it is inside of a text, and other signs. */
function editsOf(text: string, seed: number): readonly string[] {
  const lines = text.split("\n");
  const line = (seed * 7919) % lines.length;
  const at = (seed * 104_729) % text.length;
  const place = text.indexOf("(", at) + 1;
  return [
    lines.with(line, `// added\n${lines[line]}`).join("\n"),
    lines.with(line, `/* added */ ${lines[line]}`).join("\n"),
    `${text.slice(0, place)} /* added */\n${text.slice(place)}`,
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + text.slice(at).replace(/[a-z\d]/, "q"),
  ];
}
