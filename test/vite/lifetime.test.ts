import { expect, test, vi } from "vitest";
import { createProject, route } from "./support/project.ts";
import { serve } from "./support/serve.ts";

declare global {
  var orbitTestLog: string[] | undefined;
}

const lasting = (name: string): string => `
    import { createStore } from "orbit-hmr/state";
    const store = createStore("orbit-test-restart", 0);
    let own = 0;
    const timer = setInterval(() => globalThis.orbitTestLog?.push("tick"), 2);
    import.meta.hot?.dispose(() => { clearInterval(timer); globalThis.orbitTestLog?.push("disposed ${name}"); });
    export const GET = () => new Response(["${name}", ++own, store.update((n: number) => n + 1)].join());
  `;

test("a restart of Vite keeps modules, state and timers, and edits are seen afterwards", async () => {
  globalThis.orbitTestLog = [];
  const project = createProject({ "pages/api/a.ts": lasting("one"), "pages/api/b.ts": route(`"b"`) });
  const { server, get, session, status } = await serve(project);
  expect(await get("/api/a")).toBe("one,1,1");
  await server.restart();
  expect(await get("/api/a")).toBe("one,2,2");
  expect(globalThis.orbitTestLog).not.toContain("disposed one");
  const ticks = globalThis.orbitTestLog.length;
  await vi.waitFor(() => expect(globalThis.orbitTestLog?.length).toBeGreaterThan(ticks));
  expect((await status()).version).toBe(1);
  project.write("pages/api/a.ts", lasting("two"));
  expect(await get("/api/a")).toMatch(/^two,\d+,3$/);
  project.write("pages/api/b.ts", route(`"b edited"`));
  expect(await get("/api/b")).toBe("b edited");
  expect(globalThis.orbitTestLog).toContain("disposed one");
  await server.restart();
  await server.restart();
  expect(await get("/api/a")).toMatch(/^two,\d+,4$/);
  expect(session.server).not.toBe(undefined);
  await server.close();
  expect(globalThis.orbitTestLog).toContain("disposed two");
  const after = globalThis.orbitTestLog.length;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(globalThis.orbitTestLog).toHaveLength(after);
});

const counting = (name: string): string =>
  `let n = 0; export const GET = () => new Response(["${name}", ++n].join());`;

test("two servers on two roots in one process are independent", async () => {
  const one = createProject({ "pages/api/a.ts": counting("one") });
  const two = createProject({ "pages/api/a.ts": counting("two") });
  const first = await serve(one);
  const second = await serve(two);
  expect(await first.get("/api/a")).toBe("one,1");
  expect(await second.get("/api/a")).toBe("two,1");
  one.write("pages/api/a.ts", counting("one edited"));
  expect(await first.get("/api/a")).toMatch(/^one edited/);
  expect(await second.get("/api/a")).toBe("two,2");
  await first.server.close();
  two.write("pages/api/a.ts", `throw new Error("mapped");`);
  expect((await second.fetch("/api/a")).json()).toMatchObject({ file: "pages/api/a.ts", line: 1 });
  two.write("pages/api/a.ts", counting("two edited"));
  expect(await second.get("/api/a")).toMatch(/^two edited/);
  expect(Object.hasOwn(globalThis, "globalStateManager")).toBe(true);
});

test("two servers on one root share what runs, until the last one closes", async () => {
  const project = createProject({
    "pages/api/a.ts": `let n = 0; export const GET = () => new Response(String(++n));`,
  });
  const first = await serve(project);
  const second = await serve(project);
  expect(await first.get("/api/a")).toBe("1");
  expect(await second.get("/api/a")).toBe("2");
  await second.server.close();
  expect(await first.get("/api/a")).toBe("3");
  project.write("pages/api/a.ts", route(`"edited"`));
  expect(await first.get("/api/a")).toBe("edited");
  project.write("pages/api/a.ts", disposing("closed", route("1")));
  expect(await first.get("/api/a")).toBe("1");
  globalThis.orbitTestLog = [];
  await first.server.close();
  expect(globalThis.orbitTestLog).toEqual(["closed"]);
});

const disposing = (name: string, head = ""): string =>
  `${head}\nimport.meta.hot?.dispose(async () => { await null; globalThis.orbitTestLog?.push("${name}"); });`;

/** What a server changes for the whole process. */
function globalPatches(): Readonly<Record<string, unknown>> {
  return {
    prepare: Reflect.get(Error, "prepareStackTrace"),
    exit: Reflect.get(process, "exit"),
    abort: Reflect.get(process, "abort"),
    rejections: process.listenerCount("unhandledRejection"),
    exceptions: process.listenerCount("uncaughtException"),
    isStateGlobal: Object.hasOwn(globalThis, "globalStateManager"),
    env: process.env["ORBIT_T_CLOSE"],
  };
}

test("closing the server disposes of everything, the last first, and undoes every global patch", async () => {
  globalThis.orbitTestLog = [];
  const project = createProject({
    ".env": "ORBIT_T_CLOSE=1\n",
    "pages/api/a.ts": `${disposing("route", `import "../../lib/pool.ts";`)}\n${route("1")}`,
    "lib/pool.ts": disposing("pool"),
  });
  const before = globalPatches();
  const { server, get } = await serve(project);
  expect(await get("/api/a")).toBe("1");
  expect(globalPatches()).not.toEqual(before);
  await server.close();
  expect(globalPatches()).toEqual(before);
  expect(globalThis.orbitTestLog).toEqual(["route", "pool"]);
});
