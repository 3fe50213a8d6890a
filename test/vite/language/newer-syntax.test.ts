import { describe, expect, test } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

/** Something that says when it is disposed of; `log` is this project's alone. */
const TOOLS = `export const log = [];
export const open = (name) => ({ name, [Symbol.dispose]() { log.push("closed " + name); } });
export const openLater = (name) => ({ name, async [Symbol.asyncDispose]() { await null; log.push("closed later " + name); } });
`;

const BODIES: Readonly<Record<string, { readonly body: string; readonly log: readonly string[] }>> = {
  "a function": {
    body: `using a = open("a"); using b = open("b"); log.push("used " + a.name + b.name);`,
    log: ["used ab", "closed b", "closed a"],
  },
  "a function that waits": {
    body: `await using a = openLater("a"); await null; log.push("used " + a.name);`,
    log: ["used a", "closed later a"],
  },
  "a loop": {
    body: `for (using each of [open("1"), open("2")]) log.push("used " + each.name);`,
    log: ["used 1", "closed 1", "used 2", "closed 2"],
  },
  "a block that throws": {
    body: `try { using a = open("a"); throw new Error(a.name + " fails"); } catch (error) { log.push(error.message); }`,
    log: ["closed a", "a fails"],
  },
};

const KINDS: Readonly<Record<string, (body: string) => Readonly<Record<string, string>>>> = {
  "lib/use.js": (body) => ({
    "lib/use.js": `import { log, open, openLater } from "./tools.js"; export const use = async () => { ${body} };`,
  }),
  "lib/use.ts": (body) => ({
    "lib/use.ts": `import { log, open, openLater } from "./tools.js"; interface Never { a: 1 } export const use = async (): Promise<void> => { ${body} };`,
  }),
  "lib/use.cjs": (body) => ({
    "lib/use.cjs": `exports.use = async ({ log, open, openLater }) => { ${body} };`,
  }),
};

describe.each(Object.keys(KINDS))("%s", (file) => {
  test.each(Object.keys(BODIES))(
    "what is declared with `using` is disposed of at the end of %s",
    async (where) => {
      const { body, log } = BODIES[where] ?? { body: "", log: [] };
      const project = createProject({
        "lib/tools.js": TOOLS,
        "pages/api/a.ts": `import * as tools from "../../lib/tools.js"; import { use } from "../../${file}"; export const GET = async () => { await use(tools); return Response.json(tools.log.splice(0)); };`,
        ...KINDS[file]?.(body),
      });
      const { fetch } = await serve(project);
      expect((await fetch("/api/a")).json()).toEqual(log);
    },
  );
});

const withState = (word: string): string => `interface Never {
  a: 1;
}
let calls = 0;
const open = (): Disposable => ({ [Symbol.dispose]() {} });
export function GET(request: Request): Response {
  using a = open();
  calls += 1;
  if (request.url.endsWith("?fail")) throw new Error("${word} fails");
  return new Response("${word} " + calls + typeof a);
}
`;

test("a module with `using` keeps its state, and its errors point to the line that people wrote", async () => {
  const project = createProject({ "pages/api/a.ts": withState("first") });
  const { get, fetch } = await serve(project);
  expect(await get("/api/a")).toBe("first 1object");
  project.write("pages/api/a.ts", withState("second"));
  expect(await get("/api/a")).toBe("second 2object");
  const problem = (await fetch("/api/a?fail")).json();
  expect(problem).toMatchObject({ file: "pages/api/a.ts", line: 9, column: 44 });
  expect(problem["detail"]).toContain("second fails");
});

test("what a module declares with `using` at top level is there for its code, and disposed of at the end of it", async () => {
  const project = createProject({
    "lib/tools.js": TOOLS,
    "pages/api/a.ts": `import { log, open } from "../../lib/tools.js";
using a = open("a");
const name: string = a.name;
log.push("top level " + name);
export const GET = () => Response.json([name, ...log]);
export default class Unused {}
`,
  });
  const { fetch } = await serve(project);
  expect((await fetch("/api/a")).json()).toEqual(["a", "top level a", "closed a"]);
});

interface Refused {
  /** @default "lib/name.ts" */
  readonly file?: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly detail: RegExp;
}

const REFUSED: Readonly<Record<string, Refused>> = {
  "a decorator": {
    text: `type A = 1;\nconst log = (value: unknown): void => {};\nexport class Name {\n  @log value() { return 1; }\n}\nexport const name = "x";\n`,
    line: 4,
    column: 3,
    detail: /decorators.*experimentalDecorators/,
  },
  "a decorator in the first line": {
    text: `@log class Name {}\nfunction log() {}\nexport const name = String(Name);\n`,
    line: 1,
    column: 1,
    detail: /decorators.*unplugin-swc/,
  },
  "a name that is declared twice": {
    file: "lib/name.js",
    text: `export const name = "x";\nfunction f() {\n  const twice = 1;\n  const twice = 2;\n}\nf();\n`,
    line: 4,
    column: 9,
    detail: /^Identifier 'twice' has already been declared$/,
  },
  "a pattern that Node does not know": {
    text: `export const name = "x";\nexport const found = (text: string): boolean => /(?nonsense:a)/.test(text);\n`,
    line: 2,
    column: 49,
    detail: /Invalid regular expression/,
  },
};

test.each(Object.entries(REFUSED))(
  "%s is named with its place and frame, and mended by the next save",
  async (_what, { file = "lib/name.ts", text, line, column, detail }) => {
    const project = createProject({
      [file]: text,
      "pages/api/a.ts": route("name", `import { name } from "../../${file}";`),
    });
    const { fetch, get } = await serve(project);
    const problem = (await fetch("/api/a")).json();
    expect(problem).toMatchObject({ file, line, column });
    expect(problem["detail"]).toMatch(detail);
    expect(problem["frame"]).toContain(`> ${line} |`);
    project.write(file, `export const name = "mended";\n`);
    expect(await get("/api/a")).toContain("mended");
  },
);

test.each(["lib/name.js", "lib/name.cjs"])("a decorator in %s is named as well", async (file) => {
  const project = createProject({
    [file]: `const log = () => {};\nclass Name { @log value() {} }\n${file.endsWith("cjs") ? "exports.name = 1" : "export const name = 1"};\n`,
    "pages/api/a.ts": route("name", `import { name } from "../../${file}";`),
  });
  const { fetch } = await serve(project);
  expect((await fetch("/api/a")).json()).toMatchObject({ file, line: 2, column: 14 });
});
