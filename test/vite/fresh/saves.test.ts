import { closeSync, openSync, renameSync, statSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createGate } from "../support/gate.ts";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  test("a request that follows a save is answered by the saved code, 200 times", async () => {
    const project = createProject({ "pages/api/n.ts": route("0") });
    const { get } = await serve(project, { watch });
    const stale: string[] = [];
    for (let n = 1; n <= 200; n++) {
      project.write("pages/api/n.ts", route(`${n}`));
      const answer = await get("/api/n");
      if (answer !== String(n)) stale.push(`${answer} for ${n}`);
    }
    expect(stale).toEqual([]);
  });

  test("so it is for a module that the route imports through a barrel", async () => {
    const project = createProject({
      "pages/api/n.ts": route("n", `import { n } from "../../lib/index.ts";`),
      "lib/index.ts": `export * from "./deep.ts";`,
      "lib/deep.ts": `export { value as n } from "./value.ts";`,
      "lib/value.ts": "export const value = 0;",
    });
    const { get } = await serve(project, { watch });
    const stale: string[] = [];
    for (let n = 1; n <= 100; n++) {
      project.write("lib/value.ts", `export const value = ${n};`);
      const answer = await get("/api/n");
      if (answer !== String(n)) stale.push(`${answer} for ${n}`);
    }
    expect(stale).toEqual([]);
  });

  test("two saves close to each other, with a request between them, are both seen", async () => {
    const project = createProject({ "pages/api/n.ts": route(`"start"`) });
    const { get } = await serve(project, { watch });
    for (const gapMs of [1, 3, 10, 20, 30, 49, 51, 70, 100]) {
      project.write("pages/api/n.ts", route(`"first ${gapMs}"`));
      const first = get("/api/n");
      await pause(gapMs);
      project.write("pages/api/n.ts", route(`"again ${gapMs}"`));
      expect(await get("/api/n")).toBe(`again ${gapMs}`);
      expect(await first).toMatch(new RegExp(`${gapMs}$`));
    }
  });

  test("a save during an evaluation is what the next request gets", async () => {
    const gate = createGate();
    const project = createProject({ "pages/api/slow.ts": route(`"old"`, `await ${gate.wait};`) });
    const { get } = await serve(project, { watch });
    const early = get("/api/slow");
    await gate.reached;
    project.write("pages/api/slow.ts", route(`"new"`));
    const late = get("/api/slow");
    gate.open();
    expect(await late).toBe("new");
    expect(["old", "new"]).toContain(await early);
  });

  test("a slow top level keeps no other route waiting", async () => {
    const gate = createGate();
    const project = createProject({
      "pages/api/slow.ts": route(`"slow"`, `await ${gate.wait};`),
      "pages/api/fast.ts": route(`"fast"`),
    });
    const { get } = await serve(project, { watch });
    const slow = get("/api/slow");
    await gate.reached;
    expect(await get("/api/fast")).toBe("fast");
    gate.open();
    expect(await slow).toBe("slow");
  });

  test("a file that is truncated first and written then is seen both ways", async () => {
    const project = createProject({ "pages/api/n.ts": route("1") });
    const { get, fetch } = await serve(project, { watch });
    expect(await get("/api/n")).toBe("1");
    const file = openSync(project.path("pages/api/n.ts"), "w");
    expect((await fetch("/api/n")).status).toBe(500);
    writeSync(file, route("2"));
    closeSync(file);
    expect(await get("/api/n")).toBe("2");
  });

  test("a save that replaces the file by another one is seen", async () => {
    const project = createProject({ "pages/api/n.ts": route("n", `import { n } from "../../lib/n.ts";`) });
    project.write("lib/n.ts", "export const n = 0;");
    const { get } = await serve(project, { watch });
    for (let n = 1; n <= 10; n++) {
      project.write("lib/n.ts.tmp", `export const n = ${n};`);
      renameSync(project.path("lib/n.ts.tmp"), project.path("lib/n.ts"));
      expect(await get("/api/n")).toBe(String(n));
    }
  });

  test("a save of the same size that puts the old modification time back is seen", async () => {
    const project = createProject({ "pages/api/n.ts": route("1") });
    const { get } = await serve(project, { watch });
    const file = project.path("pages/api/n.ts");
    for (let n = 2; n <= 9; n++) {
      const { atime, mtime } = statSync(file);
      await get("/api/n");
      writeFileSync(file, route(`${n}`));
      utimesSync(file, atime, mtime);
      expect(await get("/api/n")).toBe(String(n));
    }
  });

  test("a module that a route imports while it answers is fresh as well", async () => {
    const project = createProject({
      "pages/api/n.ts": route(`(await import("../../lib/n.ts")).n`),
      "lib/n.ts": "export const n = 1;",
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/n")).toBe("1");
    project.write("lib/n.ts", "export const n = 2;");
    expect(await get("/api/n")).toBe("2");
    expect(await get("/api/n")).toBe("2");
  });
});
