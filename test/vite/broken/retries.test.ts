import { describe, expect, test, vi } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

test("a throw at top level that passes is healed without a request", async () => {
  let evaluations = 0;
  Object.assign(globalThis, { orbitTestEvaluated: () => ++evaluations });
  const project = createProject({
    "pages/api/a.ts": route(
      "tries",
      `const tries = orbitTestEvaluated();
      if (tries < 3) throw new Error("not yet");`,
    ),
  });
  const { get, fetch, reports, status } = await serve(project);
  expect((await fetch("/api/a")).status).toBe(500);
  await vi.waitFor(() => expect(reports.map(({ event }) => event)).toEqual(["error", "recovered"]));
  expect((await status()).hmr).toMatchObject({ retries: 2, failures: 1 });
  expect(await get("/api/a")).toBe("3");
});

test("after maxRetries the failure stands, and says how often it was tried", async () => {
  const project = createProject({ "pages/api/a.ts": `throw new Error("never");` });
  const { fetch, reports, status } = await serve(project, { plugin: { hmr: { maxRetries: 2 } } });
  expect((await fetch("/api/a")).status).toBe(500);
  await vi.waitFor(() =>
    expect(reports).toEqual([
      expect.objectContaining({ retries: 0 }),
      expect.objectContaining({ retries: 2 }),
    ]),
  );
  expect((await status()).hmr.retries).toBe(2);
});

test("a syntax error is not tried again", async () => {
  const project = createProject({ "pages/api/a.ts": `nonsense(` });
  const { fetch, reports, status, get } = await serve(project);
  expect((await fetch("/api/a")).status).toBe(500);
  project.write("pages/api/b.ts", route("1"));
  expect(await get("/api/b")).toBe("1");
  expect(reports.filter(({ event }) => event === "error")).toHaveLength(1);
  expect((await status()).hmr.retries).toBe(0);
});

test("a top level that never ends is answered with the module that waits, and mended by an edit", async () => {
  const project = createProject({
    "pages/api/a.ts": route("1", `import "../../lib/waits.ts";`),
    "lib/waits.ts": "await new Promise(() => {});",
    "pages/api/b.ts": route("2"),
  });
  const { fetch, get } = await serve(project, { tuning: { evaluationDeadlineMs: 100 } });
  const stuck = fetch("/api/a");
  expect(await get("/api/b")).toBe("2");
  const answer = await stuck;
  expect(answer.status).toBe(500);
  expect(answer.json()).toMatchObject({ type: "urn:orbit-hmr:deadline", file: "lib/waits.ts" });
  project.write("lib/waits.ts", "export {};");
  expect(await get("/api/a")).toBe("1");
});

// Nothing is tried by itself here: only the request that meets the failure can mend it.
describe("what failed while a service was down", () => {
  const service = { isUp: false };
  Object.assign(globalThis, { orbitTestService: service });
  const ask = `async () => { if (!orbitTestService.isUp) throw new Error("ECONNREFUSED"); return "up"; }`;
  const places: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "by the route itself": {
      "pages/api/a.ts": route("answer", `const ask = ${ask}; const answer = await ask();`),
    },
    "by a module below": {
      "pages/api/a.ts": route("answer", `import { answer } from "../../lib/answer.ts";`),
      "lib/answer.ts": `const ask = ${ask}; export const answer = await ask();`,
    },
    "by a package": {
      "pages/api/a.ts": route("answer", `import { ask } from "driver"; const answer = await ask();`),
      "node_modules/driver/package.json": `{ "name": "driver", "type": "module", "exports": "./index.js" }`,
      "node_modules/driver/index.js": `export const ask = ${ask};`,
    },
    "by a module that a handler imports": {
      "pages/api/a.ts": `export const GET = async () => new Response((await import("../../lib/answer.ts")).answer);`,
      "lib/answer.ts": `const ask = ${ask}; export const answer = await ask();`,
    },
    "below a module that a handler imports": {
      "pages/api/a.ts": `export const GET = async () => new Response((await import("../../lib/lazy.ts")).answer);`,
      "lib/lazy.ts": `export { answer } from "./answer.ts";`,
      "lib/answer.ts": `const ask = ${ask}; export const answer = await ask();`,
    },
    "by a module that a module imports that a handler imports": {
      "pages/api/a.ts": `export const GET = async () => new Response(await (await import("../../lib/lazy.ts")).answer());`,
      "lib/lazy.ts": `export const answer = async () => (await import("./answer.ts")).answer;`,
      "lib/answer.ts": `const ask = ${ask}; export const answer = await ask();`,
    },
    "by a file that a handler requires": {
      "pages/api/a.ts": `import { createRequire } from "node:module";
        const require = createRequire(import.meta.url);
        export const GET = () => new Response(require("../../lib/answer.cjs").answer);`,
      "lib/answer.cjs": `if (!orbitTestService.isUp) throw new Error("ECONNREFUSED"); exports.answer = "up";`,
    },
    "below a file that a handler requires": {
      "pages/api/a.ts": `import { createRequire } from "node:module";
        const require = createRequire(import.meta.url);
        export const GET = () => new Response(require("../../lib/lazy.cjs").answer);`,
      "lib/lazy.cjs": `exports.answer = require("./answer.cjs").answer;`,
      "lib/answer.cjs": `if (!orbitTestService.isUp) throw new Error("ECONNREFUSED"); exports.answer = "up";`,
    },
  };

  for (const watch of [true, false])
    for (const [place, files] of Object.entries(places))
      test(`is there for the request that comes when it is up, asked ${place}, watcher ${watch ? "on" : "off"}`, async () => {
        service.isUp = false;
        const { fetch, get } = await serve(createProject(files), {
          watch,
          plugin: { hmr: { maxRetries: 0 } },
        });
        expect((await fetch("/api/a")).status).toBe(500);
        service.isUp = true;
        await vi.waitFor(async () => expect((await fetch("/api/a")).status).toBe(200), {
          timeout: 5_000,
          interval: 100,
        });
        expect(await get("/api/a")).toBe("up");
      });

  const edited: Readonly<Record<string, { readonly file: string; readonly text: string }>> = {
    "by a package": {
      file: "pages/api/a.ts",
      text: route("answer", `import { ask } from "driver"; const answer = (await ask()) + 2;`),
    },
    "by a module that a handler imports": {
      file: "lib/answer.ts",
      text: `const ask = ${ask}; export const answer = (await ask()) + 2;`,
    },
    "below a module that a handler imports": {
      file: "lib/answer.ts",
      text: `const ask = ${ask}; export const answer = (await ask()) + 2;`,
    },
    "by a file that a handler requires": {
      file: "lib/answer.cjs",
      text: `if (!orbitTestService.isUp) throw new Error("ECONNREFUSED"); exports.answer = "up2";`,
    },
  };
  for (const [place, { file, text }] of Object.entries(edited))
    test(`is there again where the edit of what had worked met it, asked ${place}`, async () => {
      service.isUp = true;
      const project = createProject(places[place] ?? {});
      const { fetch, get } = await serve(project, { plugin: { hmr: { maxRetries: 0 } } });
      expect(await get("/api/a")).toBe("up");
      service.isUp = false;
      project.write(file, text);
      expect((await fetch("/api/a")).status).toBe(500);
      service.isUp = true;
      await vi.waitFor(async () => expect((await fetch("/api/a")).status).toBe(200), {
        timeout: 5_000,
        interval: 100,
      });
      expect(await get("/api/a")).toBe("up2");
    });

  test("is tried by the first request a second after the watcher has met it", async () => {
    service.isUp = true;
    const project = createProject(places["by a module that a handler imports"] ?? {});
    const { get, reports } = await serve(project, { plugin: { hmr: { maxRetries: 0 } } });
    expect(await get("/api/a")).toBe("up");
    service.isUp = false;
    project.write("lib/answer.ts", `const ask = ${ask}; export const answer = (await ask()) + 2;`);
    await vi.waitFor(() => expect(reports.map(({ event }) => event)).toContain("error"));
    service.isUp = true;
    const known = performance.now();
    await vi.waitUntil(() => performance.now() - known > 1_000, { timeout: 2_000 });
    expect(await get("/api/a")).toBe("up2");
  });

  test("is tried once a second and no more, however many ask", async () => {
    let tries = 0;
    Object.assign(globalThis, { orbitTestTried: () => ++tries });
    const project = createProject({
      "pages/api/a.ts": `export const GET = async () => Response.json(await import("../../lib/answer.ts"));`,
      "lib/answer.ts": `orbitTestTried(); throw new Error("ECONNREFUSED");`,
    });
    const { fetch } = await serve(project, { plugin: { hmr: { maxRetries: 0 } } });
    const begun = performance.now();
    await vi.waitFor(
      async () => {
        await Promise.all(Array.from({ length: 5 }, async () => fetch("/api/a")));
        expect(tries).toBe(3);
      },
      { timeout: 8_000, interval: 20 },
    );
    expect(performance.now() - begun).toBeGreaterThan(2000);
  });
});
