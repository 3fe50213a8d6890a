import { describe, expect, test, vi } from "vitest";
import { settle } from "../../../src/session/settle.ts";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const REQUIRE = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
const LIST = `const load = import.meta.glob("../../lib/leaf.*");`;

/** How code asks for `lib/leaf` while it runs. */
const ASKERS: readonly {
  readonly how: string;
  readonly leaf: "leaf.ts" | "leaf.cjs";
  readonly files: Readonly<Record<string, string>>;
}[] = [
  {
    how: "in a handler",
    leaf: "leaf.ts",
    files: { "pages/api/a.ts": route(`(await import("../../lib/leaf")).v`) },
  },
  {
    how: "in a handler, with a computed name",
    leaf: "leaf.ts",
    files: { "pages/api/a.ts": route(`(await import("../../lib/" + name)).v`, `const name = "leaf.ts";`) },
  },
  {
    how: "in a handler, through a glob",
    leaf: "leaf.ts",
    files: { "pages/api/a.ts": route(`(await load["../../lib/leaf.ts"]()).v`, LIST) },
  },
  {
    how: "in a handler that keeps the promise",
    leaf: "leaf.ts",
    files: { "pages/api/a.ts": route(`(await (p ??= import("../../lib/leaf"))).v`, `let p;`) },
  },
  {
    how: "in a function of a module below",
    leaf: "leaf.ts",
    files: {
      "lib/mid.ts": `export const get = async () => (await import("./leaf")).v;`,
      "pages/api/a.ts": route(`await get()`, `import { get } from "../../lib/mid";`),
    },
  },
  {
    how: "in a module that is imported in a handler itself",
    leaf: "leaf.ts",
    files: {
      "lib/mid.ts": `export const get = async () => (await import("./leaf")).v;`,
      "pages/api/a.ts": route(`await (await import("../../lib/mid")).get()`),
    },
  },
  {
    how: "at top level",
    leaf: "leaf.ts",
    files: { "pages/api/a.ts": route(`m.v`, `const m = await import("../../lib/leaf");`) },
  },
  {
    how: "at top level, through a glob",
    leaf: "leaf.ts",
    files: { "pages/api/a.ts": route(`m.v`, `${LIST} const m = await load["../../lib/leaf.ts"]();`) },
  },
  {
    how: "at top level of a module below",
    leaf: "leaf.ts",
    files: {
      "lib/mid.ts": `const m = await import("./leaf"); export const get = () => m.v;`,
      "pages/api/a.ts": route(`get()`, `import { get } from "../../lib/mid";`),
    },
  },
  {
    how: "with createRequire, at top level",
    leaf: "leaf.cjs",
    files: { "pages/api/a.ts": route(`m.v`, `${REQUIRE} const m = require("../../lib/leaf.cjs");`) },
  },
  {
    how: "with createRequire, in a handler",
    leaf: "leaf.cjs",
    files: { "pages/api/a.ts": route(`require("../../lib/leaf.cjs").v`, REQUIRE) },
  },
  {
    how: "by a CommonJS file",
    leaf: "leaf.cjs",
    files: {
      "lib/mid.cjs": `const m = require("./leaf.cjs"); exports.get = () => m.v;`,
      "pages/api/a.ts": route(`get()`, `import { get } from "../../lib/mid.cjs";`),
    },
  },
];

/** A route that asks for it by a name that only running tells. */
const byName = route(`(await import("../../lib/" + name)).v`, `const name = "leaf.ts";`);

const works = (leaf: string, value: string): string =>
  leaf.endsWith(".ts") ? `export const v: string = "${value}";` : `exports.v = "${value}";`;

/** How `lib/leaf` is broken, and what the answer says then. */
const FAULTS: readonly {
  readonly fault: string;
  readonly text: (leaf: string) => string;
  readonly problem: { readonly type: string; readonly line: number; readonly column: number };
}[] = [
  {
    fault: "does not parse",
    text: () => `\n  const = 1;`,
    problem: { type: "urn:orbit-hmr:transform", line: 2, column: 9 },
  },
  {
    fault: "throws",
    text: () => `\n  throw new Error("no leaf");`,
    problem: { type: "urn:orbit-hmr:evaluation", line: 2, column: 9 },
  },
];

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  test("a file that is asked for and is not there is told with the place that asks, and found at once", async () => {
    const project = createProject({
      "pages/api/a.ts": `export const GET = async () => {\n  const { v } = await import("../../lib/leaf");\n  return new Response(v);\n};`,
      "pages/api/b.ts": route(
        `m.v`,
        `const m = await import("../../lib/leaf").catch(() => ({ v: "none" }));`,
      ),
    });
    const { fetch, get, session, reports } = await serve(project, { watch });
    expect(await get("/api/b")).toBe("none");
    expect(reports.filter(({ event }) => event === "error")).toEqual([]);
    const asking = { file: "pages/api/a.ts", line: 2 };
    expect((await fetch("/api/a")).json()).toMatchObject({ type: "urn:orbit-hmr:unresolved", ...asking });
    const told = { event: "error", routes: ["/api/a"], ...asking };
    await vi.waitFor(() => expect(reports).toContainEqual(expect.objectContaining(told)));
    expect(await settle(session)).toMatchObject({ ok: true });
    project.write("lib/leaf.ts", works("leaf.ts", "there"));
    expect(await get("/api/b")).toBe("there");
    expect(await get("/api/a")).toBe("there");
    project.remove("lib/leaf.ts");
    expect(await get("/api/b")).toBe("none");
    expect((await fetch("/api/a")).json()).toMatchObject({ type: "urn:orbit-hmr:unresolved" });
    project.write("lib/leaf/index.ts", works("leaf.ts", "in a folder"));
    expect(await get("/api/b")).toBe("in a folder");
    expect(await get("/api/a")).toBe("in a folder");
  });

  test("a route that asks first for what another one has found broken gets what it is by then", async () => {
    const project = createProject({
      "lib/leaf.ts": `throw new Error("no leaf");`,
      "pages/api/a.ts": byName,
      "pages/api/b.ts": byName,
    });
    const { fetch, get } = await serve(project, { watch });
    expect((await fetch("/api/a")).status).toBe(500);
    project.write("lib/leaf.ts", works("leaf.ts", "mended"));
    expect(await get("/api/b")).toBe("mended");
    expect(await get("/api/a")).toBe("mended");
  });

  describe.for(ASKERS)("a module that is asked for $how", ({ files, leaf }) => {
    test.for(FAULTS)("and $fault is told with its place, and mended at once", async ({ text, problem }) => {
      const file = `lib/${leaf}`;
      const project = createProject({ ...files, [file]: text(leaf) });
      const { fetch, get, session } = await serve(project, { watch, plugin: { hmr: { maxRetries: 0 } } });
      const broken = { status: 500, file, ...problem };
      expect((await fetch("/api/a")).json()).toMatchObject(broken);
      project.write(file, works(leaf, "one"));
      expect(await get("/api/a")).toBe("one");
      project.write(file, text(leaf));
      expect((await fetch("/api/a")).json()).toMatchObject(broken);
      const { line, column } = problem;
      const errors = [expect.objectContaining({ file, line, column }) as unknown];
      expect(await settle(session)).toMatchObject({ ok: false, errors });
      project.write(file, works(leaf, "two"));
      expect(await get("/api/a")).toBe("two");
      expect(await settle(session)).toMatchObject({ ok: true, errors: [] });
      project.remove(file);
      expect((await fetch("/api/a")).json()).toMatchObject({ status: 500 });
      project.write(file, works(leaf, "three"));
      expect(await get("/api/a")).toBe("three");
    });
  });
});
