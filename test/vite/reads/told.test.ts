import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { nextReload } from "../support/next-reload.ts";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const read = (file: string): string =>
  `import { readFileSync } from "node:fs"; const text = readFileSync(${file}, "utf8");`;
const template = `new URL("../../templates/mail.md", import.meta.url)`;

describe.for([
  { watch: true, how: "unasked" },
  { watch: true, how: "asked" },
  { watch: false, how: "asked" },
] as const)("with the watcher $watch, $how", ({ watch, how }) => {
  const options = { watch, plugin: { hmr: { debounceMs: 20 } } };

  test("a file that a module read is the cause of one reload, by its name", async () => {
    const project = createProject({
      "templates/mail.md": "one",
      "pages/api/a.ts": route("text", read(template)),
      "pages/api/b.ts": route("1"),
    });
    const served = await serve(project, options);
    expect(await served.get("/api/a")).toBe("one");
    project.write("templates/mail.md", "two");
    if (how === "asked") await served.get("/api/a");
    expect(await nextReload(served)).toMatchObject({
      strategy: "single",
      reason: "templates/mail.md changed; ran again: pages/api/a.ts (read templates/mail.md while it loaded)",
      files: ["templates/mail.md"],
      routes: ["/api/a"],
      ran: ["pages/api/a.ts"],
    });
    expect(await served.get("/api/a")).toBe("two");
  });

  test("a file that is also a module's text reloads both", async () => {
    const project = createProject({
      "lib/n.ts": "export const n = 1;",
      "pages/api/a.ts": route("n", `import { n } from "../../lib/n.ts";`),
      "pages/api/doc.ts": route("text", read(`new URL("../../lib/n.ts", import.meta.url)`)),
    });
    const served = await serve(project, options);
    expect(await served.get("/api/a")).toBe("1");
    expect(await served.get("/api/doc")).toBe("export const n = 1;");
    project.write("lib/n.ts", "export const n = 2;");
    if (how === "asked") await served.get("/api/a");
    const { files, ran } = await nextReload(served);
    expect([files, ran.toSorted()]).toEqual([["lib/n.ts"], ["lib/n.ts", "pages/api/doc.ts"]]);
    expect(await served.get("/api/a")).toBe("2");
    expect(await served.get("/api/doc")).toBe("export const n = 2;");
  });

  test("a module and a file that it reads, saved together, are one reload", async () => {
    const project = createProject({
      "templates/mail.md": "one",
      "pages/api/a.ts": route("text", read(template)),
    });
    const served = await serve(project, options);
    expect(await served.get("/api/a")).toBe("one");
    project.write("templates/mail.md", "two");
    project.write("pages/api/a.ts", route("text + 2", read(template)));
    if (how === "asked") await served.get("/api/a");
    expect(await nextReload(served)).toMatchObject({
      reason: "templates/mail.md, pages/api/a.ts changed",
      files: ["templates/mail.md", "pages/api/a.ts"],
      ran: ["pages/api/a.ts"],
    });
    expect(await served.get("/api/a")).toBe("two2");
  });

  test("a file outside of the root is watched", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "orbit-outside-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, "mail.md");
    writeFileSync(file, "one");
    const project = createProject({ "pages/api/a.ts": route("text", read(JSON.stringify(file))) });
    const served = await serve(project, options);
    expect(await served.get("/api/a")).toBe("one");
    writeFileSync(file, "two");
    if (how === "asked") await served.get("/api/a");
    expect(await nextReload(served)).toMatchObject({ ran: ["pages/api/a.ts"], strategy: "single" });
  });

  test("a file outside of the root that is saved before the watcher has begun with it is told as well", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "orbit-outside-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, "mail.md");
    writeFileSync(file, "one");
    const project = createProject({ "pages/api/a.ts": route("text", read(JSON.stringify(file))) });
    const served = await serve(project, options);
    served.server.watcher.add = () => served.server.watcher;
    expect(await served.get("/api/a")).toBe("one");
    writeFileSync(file, "two");
    if (how === "asked") await served.get("/api/a");
    expect(await nextReload(served)).toMatchObject({ ran: ["pages/api/a.ts"], strategy: "single" });
  });

  test("a file that was read late, in a promise chain, is watched as well", async () => {
    const project = createProject({
      "templates/mail.md": "one",
      "pages/api/a.ts": route(
        "await text",
        `import { readFile } from "node:fs/promises"; const pause = new Promise((done) => setTimeout(done, 30));
         const text = pause.then(async () => readFile(${template}, "utf8")); export const POST = () => new Response("early");`,
      ),
    });
    const served = await serve(project, options);
    await served.fetch("/api/a", { method: "POST" });
    await vi.waitFor(() => expect([...served.session.runtime.records][0]?.filesRead.size).toBe(1));
    project.write("templates/mail.md", "two");
    if (how === "asked") await served.get("/api/a");
    expect(await nextReload(served)).toMatchObject({ files: ["templates/mail.md"] });
    expect(await served.get("/api/a")).toBe("two");
  });

  test("the files that a module has read are known", async () => {
    const project = createProject({
      "templates/mail.md": "one",
      "pages/api/a.ts": route("text", read(template)),
    });
    const served = await serve(project, options);
    await served.get("/api/a");
    const [module] = served.session.runtime.records;
    expect([...(module?.filesRead.values() ?? [])]).toEqual([
      { asks: "content", path: project.path("templates/mail.md") },
    ]);
  });
});
