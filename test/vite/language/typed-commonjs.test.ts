import { expect, test } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

/** Ways to write a typed CommonJS file that says `value`. */
const TEXTS: Readonly<Record<string, (value: string) => string>> = {
  annotations: (value) => `const v: string = "${value}";\nexports.v = v;`,
  "export =": (value) => `const v: string = "${value}"; export = { v };`,
  "import = require": (value) =>
    `import path = require("node:path"); export = { v: path.posix.basename("/a/${value}") as string };`,
  "types that are imported": (value) =>
    `import type { Text } from "./types.cts"; const v: Text = "${value}"; module.exports = { v };`,
  "types that are exported": (value) => `export type Text = string; exports.v = "${value}" satisfies Text;`,
  "an enum and a class": (value) =>
    `enum Words { v = "${value}" } class Box { constructor(readonly v: string) {} } module.exports = new Box(Words.v);`,
};

/** Ways to reach `lib/leaf.cts` from a route. */
const WAYS: Readonly<Record<string, { readonly route: string; readonly file?: readonly [string, string] }>> =
  {
    "an import": { route: route(`leaf.v`, `import leaf from "../../lib/leaf.cts";`) },
    "a named import": { route: route(`v`, `import { v } from "../../lib/leaf.cts";`) },
    "an import by its later name": { route: route(`leaf.v`, `import leaf from "../../lib/leaf.cjs";`) },
    "import() in a handler": { route: route(`(await import("../../lib/leaf.cts")).default.v`) },
    "require() of a .cts file": {
      route: route(`mid.v`, `import mid from "../../lib/mid.cts";`),
      file: ["lib/mid.cts", `import leaf = require("./leaf.cts"); export = leaf;`],
    },
    "require() of a .cts file, by its later name": {
      route: route(`mid.v()`, `import mid from "../../lib/mid.cts";`),
      file: ["lib/mid.cts", `exports.v = (): string => require("./leaf.cjs").v;`],
    },
    "require() of a .cts file, without an ending": {
      route: route(`mid.v()`, `import mid from "../../lib/mid.cts";`),
      file: ["lib/mid.cts", `const leaf = require("./leaf"); exports.v = (): string => leaf.v;`],
    },
    "createRequire() in a module": {
      route: route(
        `require("../../lib/leaf.cts").v`,
        `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
      ),
    },
  };

test.for(
  Object.entries(TEXTS).flatMap(([text, of]) =>
    Object.entries(WAYS).map(([way, is]) => ({ text, of, way, is })),
  ),
)(
  "a .cts file with $text is stripped of its types for $way, and edited like any other",
  async ({ of, is }) => {
    const project = createProject({
      "lib/types.cts": `export type Text = string;`,
      "lib/leaf.cts": of("one"),
      "pages/api/a.ts": is.route,
      ...Object.fromEntries(is.file === undefined ? [] : [is.file]),
    });
    const { get } = await serve(project, { watch: false });
    expect(await get("/api/a")).toBe("one");
    project.write("lib/leaf.cts", of("two"));
    expect(await get("/api/a")).toBe("two");
  },
);

test.for(["import leaf from", "import leaf = require("])(
  "an error in a .cts file is said where it stands in the file, also after an edit of its types alone (%s)",
  async (how) => {
    const fails = `exports.v = (): never => {\n  throw new Error("no leaf");\n};\n`;
    const project = createProject({
      "lib/leaf.cts": `type A = string;\n\n${fails}`,
      "lib/mid.cts": `import leaf = require("./leaf.cts"); export = leaf;`,
      "pages/api/a.ts": route(
        `leaf.v()`,
        `import leaf from "../../lib/${how.endsWith("(") ? "mid" : "leaf"}.cts";`,
      ),
    });
    const { fetch } = await serve(project, { watch: false });
    expect((await fetch("/api/a")).json()).toMatchObject({ file: "lib/leaf.cts", line: 4, column: 9 });
    project.write("lib/leaf.cts", `type A = string;\n\ninterface B { a: A }\n\n${fails}`);
    expect((await fetch("/api/a")).json()).toMatchObject({ file: "lib/leaf.cts", line: 6, column: 9 });
  },
);

test.for([
  { file: "leaf.cts", text: `type A = string;\nexport const v: A = "one";`, advice: "`export =`" },
  {
    file: "leaf.cts",
    text: `type A = string;\nimport v from "./other.cts"; exports.v = v;`,
    advice: "`import x = require(…)`",
  },
  { file: "leaf.cjs", text: `const a = "one";\nexport const v = a;`, advice: "`module.exports`" },
  {
    file: "leaf.cjs",
    text: `const a = "one";\nimport v from "./other.cjs"; exports.v = v;`,
    advice: "`require(…)`",
  },
])(
  "module syntax in $file is said with its place and with what to write ($text)",
  async ({ file, text, advice }) => {
    const project = createProject({
      [`lib/${file}`]: text,
      "pages/api/a.ts": route(`leaf.v`, `import leaf from "../../lib/${file}";`),
    });
    const { get, fetch } = await serve(project, { watch: false });
    const answer = (await fetch("/api/a")).json();
    expect(answer).toMatchObject({ file: `lib/${file}`, line: 2, column: 1 });
    expect(answer["detail"]).toContain(`${file} is CommonJS by its name`);
    expect(answer["detail"]).toContain(advice);
    expect(answer["frame"]).toContain("> 2 |");
    project.write(`lib/${file}`, `exports.v = "two";`);
    expect(await get("/api/a")).toBe("two");
  },
);

test("a script is not taken for a module because a text in it looks like one", async () => {
  const project = createProject({
    "lib/leaf.cjs": "exports.v = `\nimport a from 'a';\nexport default a;\n`.trim().length;",
    "pages/api/a.ts": route(`leaf.v`, `import leaf from "../../lib/leaf.cjs";`),
  });
  const { get } = await serve(project, { watch: false });
  expect(await get("/api/a")).toBe("36");
});
