import { mkdirSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  test("routes appear, move and go as their files do", async () => {
    const project = createProject({ "pages/api/a.ts": route(`"a"`) });
    const { get, fetch } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("a");
    expect((await fetch("/api/b")).status).toBe(404);
    project.write("pages/api/b.ts", route(`"b"`));
    expect(await get("/api/b")).toBe("b");
    project.rename("pages/api/b.ts", "pages/api/deep/er/c.ts");
    expect((await fetch("/api/b")).status).toBe(404);
    expect(await get("/api/deep/er/c")).toBe("b");
    project.remove("pages/api/a.ts");
    expect((await fetch("/api/a")).status).toBe(404);
    project.write("pages/api/a.ts", route(`"a again"`));
    expect(await get("/api/a")).toBe("a again");
    project.rename("pages/api/deep", "pages/api/moved");
    expect(await get("/api/moved/er/c")).toBe("b");
    expect((await fetch("/api/deep/er/c")).status).toBe(404);
  });

  test("a route that appears with an edit that is applied before anybody asks is served", async () => {
    const project = createProject({ "pages/api/a.ts": route(`"a"`) });
    const { get, reports, session } = await serve(project, { watch, plugin: { hmr: { debounceMs: 5 } } });
    expect(await get("/api/a")).toBe("a");
    project.write("pages/api/new.ts", route(`"new"`));
    project.write("pages/api/a.ts", route(`"edited"`));
    session.reloads.noteEvent(project.path("pages/api/a.ts"));
    await vi.waitFor(() => expect(reports).toHaveLength(1));
    expect(await get("/api/new")).toBe("new");
  });

  test("a module among the routes that shadows another is imported from then on", async () => {
    const project = createProject({
      "pages/api/a.ts": route("name", `import { name } from "./_name";`),
      "pages/api/_name/index.ts": `export const name = "index.ts";`,
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("index.ts");
    project.write("pages/api/_name.ts", `export const name = "_name.ts";`);
    expect(await get("/api/a")).toBe("_name.ts");
  });

  test("a module that another route has loaded is new for a route that imports it late for the first time", async () => {
    const project = createProject({
      "lib/name.ts": `export const name = "first";`,
      "pages/api/eager.ts": route("name", `import { name } from "../../lib/name";`),
      "pages/api/late.ts": `export const GET = async () => new Response((await import("../../lib/name")).name);`,
      "pages/api/other.ts": route(`"other"`),
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/eager")).toBe("first");
    expect(await get("/api/other")).toBe("other");
    project.write("lib/name.ts", `export const name = "second";`);
    expect(await get("/api/late")).toBe("second");
  });

  test("the folder of the routes may appear after the server", async () => {
    const project = createProject({ "index.html": "" });
    const { get, fetch } = await serve(project, { watch });
    expect((await fetch("/api/a")).status).toBe(404);
    project.write("src/pages/api/a.ts", route(`"src"`));
    expect(await get("/api/a")).toBe("src");
    project.write("pages/api/a.ts", route(`"root"`));
    expect(await get("/api/a")).toBe("root");
  });

  test("a route may change its extension, and two files for it are an error that names both", async () => {
    const project = createProject({ "pages/api/a.js": route(`"js"`) });
    const { get, fetch } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("js");
    project.write("pages/api/a.ts", route(`"ts" as string`));
    const conflict = await fetch("/api/a");
    expect(conflict.status).toBe(500);
    expect(conflict.text).toContain("pages/api/a.js");
    expect(conflict.text).toContain("pages/api/a.ts");
    project.remove("pages/api/a.js");
    expect(await get("/api/a")).toBe("ts");
  });

  test("a parameter gives way to a fixed name that appears", async () => {
    const project = createProject({ "pages/api/[id].ts": route(`"any"`) });
    const { get } = await serve(project, { watch });
    expect(await get("/api/me")).toBe("any");
    project.write("pages/api/me.ts", route(`"me"`));
    expect(await get("/api/me")).toBe("me");
    project.remove("pages/api/me.ts");
    expect(await get("/api/me")).toBe("any");
  });

  test("a module that shadows another is imported from then on", async () => {
    const project = createProject({
      "pages/api/a.ts": route("name", `import { name } from "../../lib/a";`),
      "lib/a/index.ts": `export const name = "index.ts";`,
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("index.ts");
    project.write("lib/a.ts", `export const name = "a.ts";`);
    expect(await get("/api/a")).toBe("a.ts");
    project.write("lib/a.js", `export const name = "a.js";`);
    expect(await get("/api/a")).toBe("a.js");
    project.remove("lib/a.js");
    expect(await get("/api/a")).toBe("a.ts");
    project.remove("lib/a.ts");
    expect(await get("/api/a")).toBe("index.ts");
  });

  test("a module may change its extension", async () => {
    const project = createProject({
      "pages/api/a.ts": route("name", `import { name } from "../../lib/a";`),
      "lib/a.js": `export const name = "js";`,
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("js");
    project.write("lib/a.js", `export const name = "js 2";`);
    project.rename("lib/a.js", "lib/a.ts");
    expect(await get("/api/a")).toBe("js 2");
    project.write("lib/a.ts", `export const name: string = "ts";`);
    expect(await get("/api/a")).toBe("ts");
  });

  test("a missing import is named until its file appears, wherever it may appear", async () => {
    const project = createProject({
      "pages/api/a.ts": route("name", `import { name } from "../../lib/new/a";`),
    });
    const { get, fetch } = await serve(project, { watch });
    const missing = await fetch("/api/a");
    expect(missing.status).toBe(500);
    expect(missing.json()).toMatchObject({ file: "pages/api/a.ts", line: 1 });
    mkdirSync(project.path("lib/new"), { recursive: true });
    expect((await fetch("/api/a")).status).toBe(500);
    project.write("lib/new/a/index.ts", `export const name = "found";`);
    expect(await get("/api/a")).toBe("found");
  });

  test("a deleted import is an error, and comes back with its file", async () => {
    const project = createProject({
      "pages/api/a.ts": route("name", `import { name } from "../../lib/a.ts";`),
      "lib/a.ts": `export const name = "first";`,
    });
    const { get, fetch } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("first");
    project.remove("lib/a.ts");
    expect((await fetch("/api/a")).status).toBe(500);
    project.write("lib/a.ts", `export const name = "second";`);
    expect(await get("/api/a")).toBe("second");
  });

  test("a link to a folder may lead somewhere else", async () => {
    const project = createProject({
      "pages/api/a.ts": route("name", `import { name } from "../../current/name.ts";`),
      "v1/name.ts": `export const name = "v1";`,
      "v2/name.ts": `export const name = "v2";`,
    });
    project.link("v1", "current");
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("v1");
    project.link("v2", "current");
    expect(await get("/api/a")).toBe("v2");
    project.write("v2/name.ts", `export const name = "v2 edited";`);
    expect(await get("/api/a")).toBe("v2 edited");
    project.link("v1", "current");
    expect(await get("/api/a")).toBe("v1");
  });

  test("a route file may be a link that is led elsewhere", async () => {
    const project = createProject({
      "routes/one.ts": route(`"one"`),
      "routes/two.ts": route(`"two"`),
      "pages/api/.keep": "",
    });
    project.link("routes/one.ts", "pages/api/a.ts");
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("one");
    project.link("routes/two.ts", "pages/api/a.ts");
    expect(await get("/api/a")).toBe("two");
    project.write("routes/two.ts", route(`"two edited"`));
    expect(await get("/api/a")).toBe("two edited");
  });

  test("a folder of routes may be a link that is led elsewhere", async () => {
    const project = createProject({
      "one/a.ts": route(`"one"`),
      "two/a.ts": route(`"two"`),
      "two/b.ts": route(`"b"`),
      "pages/api/.keep": "",
    });
    project.link("one", "pages/api/sub");
    const { get, fetch } = await serve(project, { watch });
    expect(await get("/api/sub/a")).toBe("one");
    expect((await fetch("/api/sub/b")).status).toBe(404);
    project.link("two", "pages/api/sub");
    expect(await get("/api/sub/b")).toBe("b");
    expect(await get("/api/sub/a")).toBe("two");
  });

  test.for(["with space.ts", "ünï.ts", "100%.ts", "[...rest].ts"])(
    "%s may be a route's name",
    async (name) => {
      const project = createProject({
        [`pages/api/deep/${name}`]: route("name", `import { name } from "./_n.ts";`),
      });
      project.write("pages/api/deep/_n.ts", "export const name = 1;");
      const { get } = await serve(project, { watch });
      const url = `/api/deep/${name.startsWith("[") ? "x/y" : encodeURIComponent(name.slice(0, -3))}`;
      expect(await get(url)).toBe("1");
      project.write("pages/api/deep/_n.ts", "export const name = 2;");
      expect(await get(url)).toBe("2");
      project.write(`pages/api/deep/${name}`, route(`"edited"`));
      expect(await get(url)).toBe("edited");
    },
  );
});
