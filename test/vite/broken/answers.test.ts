import { describe, expect, test } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const library = `export const name: string = "fine";\n`;
const importing = route("name", `import { name } from "../../lib/name.ts";`);

interface Break {
  readonly how: string;
  /** Relative to the root; where the problem is said to be. */
  readonly place: { readonly file: string; readonly line?: number; readonly column?: number };
  readonly break: Readonly<Record<string, string | undefined>>;
  readonly detail: RegExp;
}

/** Every break of `lib/name.ts` or beside it that `pages/api/a.ts` and `pages/api/b.ts` reach. */
const breaks: readonly Break[] = [
  {
    how: "a syntax error in TypeScript",
    break: { "lib/name.ts": `// a comment\nexport const name: string = ;\n` },
    place: { file: "lib/name.ts", line: 2, column: 29 },
    detail: /Unexpected token|Expression expected/,
  },
  {
    how: "a throw at top level",
    break: {
      "lib/name.ts": `type A = string;\n\nexport const name: A = "x";\nif (name) throw new Error("no way");\n`,
    },
    place: { file: "lib/name.ts", line: 4, column: 17 },
    detail: /no way/,
  },
  {
    how: "a throw of something that is no error",
    break: { "lib/name.ts": `export const name = "x";\nthrow { reason: "odd" };\n` },
    place: { file: "lib/name.ts" },
    detail: /odd|object/,
  },
  {
    how: "a missing file",
    break: { "lib/name.ts": `import "./nowhere.ts";\n\n${library}` },
    place: { file: "lib/name.ts", line: 1, column: 8 },
    detail: /Cannot find "\.\/nowhere\.ts", imported by lib\/name\.ts/,
  },
  {
    how: "a missing file further down",
    break: {
      "lib/name.ts": `const a = 1;\nimport { b } from "./nowhere.ts";\n\n${library};export const c = [a, b];`,
    },
    place: { file: "lib/name.ts", line: 2, column: 19 },
    detail: /Cannot find "\.\/nowhere\.ts", imported by lib\/name\.ts/,
  },
  {
    how: "a deleted module",
    break: { "lib/name.ts": undefined },
    place: { file: "pages/api/a.ts", line: 1 },
    detail: /Cannot find "\.\.\/\.\.\/lib\/name\.ts", imported by pages\/api\/a\.ts/,
  },
  {
    how: "a missing package",
    break: { "lib/name.ts": `${library}import nothing from "no-such-package"; nothing();\n` },
    place: { file: "lib/name.ts", line: 2, column: 21 },
    detail:
      /Cannot find "no-such-package", imported by lib\/name\.ts\. Install it: `npm install no-such-package`\./,
  },
  {
    how: "a named export that is not there",
    break: { "lib/name.ts": `export const other = 1;\n` },
    place: { file: "pages/api/a.ts", line: 1, column: 10 },
    detail: /name/,
  },
  {
    how: "one of several names that is not there",
    break: {
      "lib/name.ts": `import {\n  one,\n  two as second,\n} from "./numbers.ts";\n${library}export const sum = [one, second];\n`,
      "lib/numbers.ts": `export const one = 1;\n`,
    },
    place: { file: "lib/name.ts", line: 3, column: 3 },
    detail: /imports "two"/,
  },
  {
    how: "a name that is passed on and is not there",
    break: {
      "lib/name.ts": `${library}export * from "./all.js";\n`,
      "lib/all.js": `\nexport { one, two } from "./numbers.js";\n`,
      "lib/numbers.js": `export const one = 1;\n`,
    },
    place: { file: "lib/all.js", line: 2, column: 15 },
    detail: /imports "two"/,
  },
  {
    how: "a default export that is not there",
    break: {
      "lib/name.ts": `${library}import numbers from "./numbers.js"; console.log(numbers);\n`,
      "lib/numbers.js": `export const one = 1;\n`,
    },
    place: { file: "lib/name.ts", line: 2, column: 8 },
    detail: /imports "default"/,
  },
  {
    how: "broken JSON",
    break: {
      "lib/name.ts": `${library}import data from "./data.json"; export { data };`,
      "lib/data.json": `{\n  "a": 1,\n  b\n}`,
    },
    place: { file: "lib/data.json", line: 3 },
    detail: /key must be a string/,
  },
  {
    how: "a broken member of a cycle",
    break: {
      "lib/name.ts": `import { other } from "./other.ts";\nexport const name = "x";\nexport const use = () => other;\n`,
      "lib/other.ts": `import { name } from "./name.ts";\nexport const other = () => name;\nnull.x;\n`,
    },
    place: { file: "lib/other.ts", line: 3 },
    detail: /Cannot read properties of null/,
  },
  {
    how: "an await of something that rejects",
    break: { "lib/name.ts": `${library}await Promise.reject(new Error("later"));\n` },
    place: { file: "lib/name.ts", line: 2 },
    detail: /later/,
  },
];

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  test.for(breaks)(
    "$how is answered with its place, heals, and leaves other routes alone",
    async ({ break: edit, place, detail }) => {
      const project = createProject({
        "lib/name.ts": library,
        "pages/api/a.ts": importing,
        "pages/api/b.ts": `export const unrelated = 1;\n${importing}`,
        "pages/api/other.ts": route("++count", "let count = 0;"),
      });
      const { get, fetch } = await serve(project, { watch });
      expect(await get("/api/a")).toBe("fine");
      expect(await get("/api/other")).toBe("1");
      for (const [file, text] of Object.entries(edit)) {
        if (text === undefined) project.remove(file);
        else project.write(file, text);
      }
      const broken = await fetch("/api/a");
      expect(broken.status).toBe(500);
      expect(broken.headers.get("content-type")).toBe("application/problem+json");
      const problem = broken.json();
      expect(problem).toMatchObject({ ...place, status: 500, version: expect.any(Number) as unknown });
      expect(problem["detail"]).toMatch(detail);
      expect(problem["type"]).toMatch(/^urn:orbit-hmr:/);
      expect(String(problem["frame"])).toContain(
        place.line === undefined ? "undefined" : `> ${place.line} |`,
      );
      expect(broken.text).not.toContain(project.root);
      expect(broken.text).not.toContain("\\u001b");
      expect((await fetch("/api/b")).status).toBe(500);
      expect(await get("/api/other")).toBe("2");
      for (const file of Object.keys(edit)) if (file !== "lib/name.ts") project.remove(file);
      project.write("lib/name.ts", library);
      expect(await get("/api/a")).toBe("fine");
      expect(await get("/api/b")).toBe("fine");
      expect(await get("/api/other")).toBe("3");
    },
  );

  test("a syntax error in JavaScript, in the route itself, is answered with its place", async () => {
    const project = createProject({
      "pages/api/a.js": `export const GET = () => {\n  return new Response("a";\n};\n`,
    });
    const { get, fetch } = await serve(project, { watch });
    const broken = await fetch("/api/a");
    expect(broken.json()).toMatchObject({ file: "pages/api/a.js", line: 2 });
    expect(broken.text).not.toContain(project.root);
    project.write("pages/api/a.js", route(`"healed"`));
    expect(await get("/api/a")).toBe("healed");
  });

  test("a route that never loaded heals when a module that it needs does", async () => {
    const project = createProject({ "pages/api/a.ts": importing, "lib/name.ts": "nonsense(" });
    const { get, fetch } = await serve(project, { watch });
    expect((await fetch("/api/a")).status).toBe(500);
    project.write("lib/name.ts", library);
    expect(await get("/api/a")).toBe("fine");
  });

  test("a page is answered to a browser that asks for one", async () => {
    const project = createProject({ "pages/api/a.ts": "nonsense(<b>" });
    const { fetch } = await serve(project, { watch });
    const page = await fetch("/api/a", { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } });
    expect(page.status).toBe(500);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.text).toContain("pages/api/a.ts");
    expect(page.text).toContain("&lt;b&gt;");
    expect(page.text).not.toContain("<b>");
    expect(page.text).not.toContain(project.root);
  });
});

test("a handler that throws is answered with the place in its source", async () => {
  const project = createProject({
    "lib/fail.ts": `interface Padding {\n  readonly a: string;\n}\n\nexport function fail(reason: string): never {\n  const padding: Padding = { a: reason };\n  throw new TypeError(\`failed: \${padding.a}\`);\n}\n`,
    "pages/api/direct.ts": `type Nothing = undefined;\n\nexport const GET = (): Response => {\n  const nothing = undefined as Nothing | string;\n  return new Response(nothing!.length.toString());\n};\n`,
    "pages/api/deep.ts": `import { fail } from "../../lib/fail.ts";\nexport const GET = async () => { await null; return fail("deep"); };\n`,
    "pages/api/odd.ts": `export const GET = () => { throw "just text"; };\n`,
    "pages/api/rejects.ts": `export const GET = () => Promise.reject(undefined);\n`,
  });
  const { fetch, status } = await serve(project);
  const direct = await fetch("/api/direct");
  expect(direct.status).toBe(500);
  expect(direct.json()).toMatchObject({
    type: "urn:orbit-hmr:handler-threw",
    file: "pages/api/direct.ts",
    line: 5,
    column: 32,
  });
  const deep = await fetch("/api/deep");
  expect(deep.json()).toMatchObject({ file: "lib/fail.ts", line: 7, column: 9 });
  expect(deep.json()["detail"]).toContain("TypeError: failed: deep");
  expect(deep.json()["detail"]).toContain("pages/api/deep.ts:2");
  expect(deep.text).not.toContain(project.root);
  expect((await fetch("/api/odd")).json()).toMatchObject({ status: 500, detail: "just text" });
  expect((await fetch("/api/rejects")).json()).toMatchObject({ status: 500, detail: "undefined" });
  expect((await status()).errors.map(({ route: path, file }) => [path, file])).toEqual([
    ["/api/direct", "pages/api/direct.ts"],
    ["/api/deep", "lib/fail.ts"],
    ["/api/odd", ""],
    ["/api/rejects", ""],
  ]);
});
