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

  test("is there again where a package threw after an edit of what had worked", async () => {
    service.isUp = true;
    const project = createProject(places["by a package"] ?? {});
    const { fetch, get } = await serve(project, { plugin: { hmr: { maxRetries: 0 } } });
    expect(await get("/api/a")).toBe("up");
    service.isUp = false;
    project.write(
      "pages/api/a.ts",
      route("answer", `import { ask } from "driver"; const answer = (await ask()) + 2;`),
    );
    expect((await fetch("/api/a")).status).toBe(500);
    service.isUp = true;
    await vi.waitFor(async () => expect((await fetch("/api/a")).status).toBe(200), {
      timeout: 5_000,
      interval: 100,
    });
    expect(await get("/api/a")).toBe("up2");
  });
});
