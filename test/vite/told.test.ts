import { describe, expect, test, vi } from "vitest";
import { settle } from "../../src/session/settle.ts";
import { createGate } from "./support/gate.ts";
import { nextReload } from "./support/next-reload.ts";
import { createProject, route } from "./support/project.ts";
import type { Project } from "./support/project.ts";
import { serve } from "./support/serve.ts";
import type { Served } from "./support/serve.ts";

const write =
  (file: string) =>
  (project: Project): readonly string[] => {
    project.write(file, route("1"));
    return [file];
  };
const remove =
  (file: string) =>
  (project: Project): readonly string[] => {
    project.remove(file);
    return [file];
  };
const rename =
  (from: string, to: string) =>
  (project: Project): readonly string[] => {
    project.rename(from, to);
    return [from, to];
  };
const importing = (name: string): string => route("n", `import { n } from "${name}";`);

const pathOf = (file: string): string => `/${file.slice("pages/".length, -".ts".length)}`;

describe.for([
  { watch: true, how: "asked" },
  { watch: true, how: "unasked" },
  { watch: false, how: "asked" },
] as const)("with the watcher $watch, $how", ({ watch, how }) => {
  async function start(
    files: Readonly<Record<string, string>>,
    hmr: object = {},
  ): Promise<Served & { project: ReturnType<typeof createProject>; ask: () => Promise<void> }> {
    const project = createProject(files);
    const served = await serve(project, { watch, plugin: { hmr: { debounceMs: 20, ...hmr } } });
    const routes = Object.keys(files).filter((file) => file.startsWith("pages/api/"));
    for (const file of routes) await served.get(pathOf(file));
    expect(served.reports).toEqual([]);
    // At once: who asks later finds what earlier requests have not looked at, and that is a reload of its own.
    const ask = async (): Promise<void> => {
      if (how === "asked") await Promise.all(routes.map(async (file) => served.get(pathOf(file))));
    };
    return { ...served, project, ask };
  }

  test("an edit of one route is a reload of it alone", async () => {
    const served = await start({ "pages/api/a.ts": route("1"), "pages/api/b.ts": route("1") });
    served.project.write("pages/api/a.ts", route("2"));
    await served.ask();
    expect(await nextReload(served)).toMatchObject({
      strategy: "single",
      files: ["pages/api/a.ts"],
      routes: ["/api/a"],
      ran: ["pages/api/a.ts"],
      reason: "pages/api/a.ts changed",
      kept: [],
      reset: [],
      closed: [],
      version: 3,
      summary: "pages/api/a.ts changed → /api/a",
    });
  });

  test("an edit of what several routes share is one selective reload", async () => {
    const served = await start({
      "pages/api/a.ts": importing("../../lib/n.ts"),
      "pages/api/b.ts": route("copy", `import { n } from "../../lib/n.ts"; const copy = n;`),
      "pages/api/c.ts": route("1"),
      "lib/n.ts": "export const n = 1;",
    });
    served.project.write("lib/n.ts", "export const n = 2;");
    await served.ask();
    expect(await nextReload(served)).toMatchObject({
      strategy: "selective",
      files: ["lib/n.ts"],
      routes: ["/api/a", "/api/b"],
      ran: expect.arrayContaining(["lib/n.ts", "pages/api/b.ts"]) as unknown,
    });
    expect((await served.status()).routes.map(({ status }) => status)).toEqual(["fresh", "fresh", "fresh"]);
  });

  test("more routes than the threshold are a full reload", async () => {
    const served = await start(
      {
        "pages/api/a.ts": importing("../../lib/n.ts"),
        "pages/api/b.ts": importing("../../lib/n.ts"),
        "lib/n.ts": "export const n = 1;",
      },
      { fullReloadThreshold: 1 },
    );
    served.project.write("lib/n.ts", "export const n = 2;");
    await served.ask();
    expect(await nextReload(served)).toMatchObject({ strategy: "full", routes: ["/api/a", "/api/b"] });
  });

  test.for([
    ["a comment", `// new\nexport const n: number = 1;`],
    ["white space", `export   const n: number =\n  1;`],
    ["a type", `export const n: 1 = 1;\nexport interface New {}`],
  ])("an edit of %s runs nothing and keeps the version", async ([, text = ""]) => {
    const served = await start({
      "pages/api/a.ts": importing("../../lib/n.ts"),
      "lib/n.ts": "export const n: number = 1;",
    });
    const { version } = await served.status();
    served.project.write("lib/n.ts", text);
    await served.ask();
    expect(await nextReload(served)).toMatchObject({
      strategy: "none",
      files: ["lib/n.ts"],
      ran: [],
      routes: [],
      version,
    });
    expect((await served.status()).version).toBe(version);
  });

  test("a changed key of .env is a reload of its readers", async () => {
    const served = await start({
      ".env": "ORBIT_T_TOLD=1\n",
      "pages/api/a.ts": route("key", `const key = process.env.ORBIT_T_TOLD;`),
      "pages/api/b.ts": route("process.env.ORBIT_T_TOLD"),
    });
    served.project.write(".env", "ORBIT_T_TOLD=2\n");
    await served.ask();
    const report = await nextReload(served);
    expect(report).toMatchObject({
      strategy: "config",
      files: [".env"],
      routes: ["/api/a"],
      ran: ["pages/api/a.ts"],
    });
    expect(report.reason).toContain(".env");
    expect(report.reason).not.toContain("=2");
  });

  test("what is kept is named, and what was closed", async () => {
    const text = (n: number): string => `
      import { createStore } from "orbit-hmr/state";
      const store = createStore("orbit-told-${how}-${watch}", 0);
      let hits = 0;
      setInterval(() => {}, 1000);
      const timer = setInterval(() => {}, 1000);
      import.meta.hot?.dispose(() => clearInterval(timer));
      export const GET = () => new Response(String(${n} + store.get() + hits++));`;
    const served = await start({ "pages/api/a.ts": text(1) });
    served.project.write("pages/api/a.ts", text(2));
    await served.ask();
    const report = await nextReload(served);
    expect(report).toMatchObject({
      kept: [`orbit-told-${how}-${watch}`, "pages/api/a.ts:hits"],
      reset: [],
      closed: [
        { kind: "timer", module: "pages/api/a.ts", count: 1 },
        { kind: "dispose handler", module: "pages/api/a.ts", count: 1 },
      ],
      summary: `pages/api/a.ts changed → /api/a; kept orbit-told-${how}-${watch}, hits; closed 1 timer, 1 by dispose handler`,
    });
    const { kept, reset, closed, summary } = report;
    expect((await served.status()).hmr.lastReload).toMatchObject({ kept, reset, closed, summary });
  });

  test("state that is not kept is named with the reason", async () => {
    const text = (n: number): string => `
      import { createStore } from "orbit-hmr/state";
      const store = createStore("orbit-told-off-${how}-${watch}", 0);
      export const GET = () => new Response(String(${n} + store.get()));`;
    const served = await start({ "pages/api/a.ts": text(1) }, { preserveState: false });
    served.project.write("pages/api/a.ts", text(2));
    await served.ask();
    expect(await nextReload(served)).toMatchObject({
      kept: [],
      reset: [{ name: `orbit-told-off-${how}-${watch}`, why: "preserveState is off" }],
    });
  });

  test("a route that is deleted is told, with what it had open, and is no error", async () => {
    const served = await start({
      "pages/api/a.ts": route("1", "setInterval(() => {}, 1000);"),
      "pages/api/b.ts": route("1"),
    });
    served.project.remove("pages/api/a.ts");
    if (how === "asked") await served.get("/api/b");
    expect(await nextReload(served)).toMatchObject({
      strategy: "single",
      files: ["pages/api/a.ts"],
      routes: ["/api/a"],
      reason: "pages/api/a.ts is gone",
      ran: [],
      closed: [{ kind: "timer", module: "pages/api/a.ts", count: 1 }],
    });
    expect((await served.fetch("/api/a")).status).toBe(404);
    expect(served.reports).toEqual([]);
  });

  test("a route that is added or renamed is told", async () => {
    const served = await start({ "pages/api/a.ts": route("1") });
    served.project.write("pages/api/b.ts", route("1"));
    if (how === "asked") await served.get("/api/b");
    expect(await nextReload(served)).toMatchObject({
      strategy: "single",
      routes: ["/api/b"],
      summary: "pages/api/b.ts is new → /api/b",
    });
    served.project.rename("pages/api/a.ts", "pages/api/c.ts");
    if (how === "asked") await served.get("/api/c");
    expect(await nextReload(served)).toMatchObject({
      strategy: "selective",
      summary: "pages/api/c.ts is new; pages/api/a.ts is gone → /api/a, /api/c",
    });
  });

  test("several files saved together are one reload", async () => {
    // What is together is a matter of the quiet time: events and requests take theirs where the machine is busy.
    const served = await start(
      {
        "pages/api/a.ts": importing("../../lib/n.ts"),
        "pages/api/b.ts": route("1"),
        "lib/n.ts": "export const n = 1;",
      },
      { debounceMs: 250 },
    );
    served.project.write("lib/n.ts", "export const n = 2;");
    served.project.write("pages/api/a.ts", route("n + 1", `import { n } from "../../lib/n.ts";`));
    served.project.write("pages/api/b.ts", route("2"));
    await served.ask();
    const report = await nextReload(served);
    expect(report).toMatchObject({ strategy: "selective", routes: ["/api/a", "/api/b"] });
    expect(report.files.toSorted()).toEqual(["lib/n.ts", "pages/api/a.ts", "pages/api/b.ts"]);
  });
});

test.for<[string, (project: Project) => readonly string[]]>([
  ["a deleted route", remove("pages/api/a.ts")],
  ["a new route", write("pages/api/c.ts")],
  ["a renamed route", rename("pages/api/a.ts", "pages/api/c.ts")],
  ["a new file of a glob", write("lib/m.ts")],
  ["a deleted file of a glob", remove("lib/n.ts")],
])("what a request has found is not told again when the watcher sees it later: %s", async ([, save]) => {
  const project = createProject({
    "pages/api/a.ts": route("1"),
    "pages/api/b.ts": route("Object.keys(files)", `const files = import.meta.glob("../../lib/*.ts");`),
    "pages/api/d.ts": route("1"),
    "lib/n.ts": "export const n = 1;",
  });
  const served = await serve(project, { watch: false, plugin: { hmr: { debounceMs: 20 } } });
  await served.session.impact.build();
  for (const path of ["/api/a", "/api/b", "/api/d"]) await served.get(path);
  const files = save(project);
  await served.get("/api/b");
  await nextReload(served);
  for (const file of files) served.session.noteEvent(project.path(file));
  // What an event leads to would be told together with what comes next.
  project.write("pages/api/d.ts", route("2"));
  await served.get("/api/d");
  expect(await nextReload(served)).toMatchObject({ files: ["pages/api/d.ts"], routes: ["/api/d"] });
});

test("with the logger, a reload is one line and enableLogging turns it off", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const loud = await serve(project, { listens: false, plugin: { hmr: { debounceMs: 5 } } });
  await loud.get("/api/a");
  project.write("pages/api/a.ts", route("2"));
  await loud.get("/api/a");
  await vi.waitFor(() => expect(loud.lines).toHaveLength(1));
  expect(loud.lines[0]).toMatch(/^reloaded pages\/api\/a\.ts changed → \/api\/a · \d+ ms · v2$/);
  await loud.server.close();
  const quiet = await serve(project, {
    listens: false,
    plugin: { hmr: { debounceMs: 5, enableLogging: false } },
  });
  await quiet.get("/api/a");
  project.write("pages/api/a.ts", route("3"));
  await quiet.get("/api/a");
  project.write("pages/api/a.ts", "nonsense(");
  await quiet.fetch("/api/a");
  await vi.waitFor(() => expect(quiet.lines).toHaveLength(1));
  expect(quiet.lines[0]).toContain("pages/api/a.ts:1:10");
});

test("with HMR_VERBOSE, everything that was kept and closed is listed", async () => {
  const names = Array.from({ length: 6 }, (_, index) => `n${index}`);
  const text = (answer: number): string =>
    route(
      String(answer),
      `${names.map((name) => `let ${name} = 0;`).join("\n")}\nsetInterval(() => {}, 1000);`,
    );
  const project = createProject({ ".env": "HMR_VERBOSE=1\n", "pages/api/a.ts": text(1) });
  const { get, lines } = await serve(project, { listens: false, plugin: { hmr: { debounceMs: 5 } } });
  await get("/api/a");
  project.write("pages/api/a.ts", text(2));
  await get("/api/a");
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  expect(lines[0]?.split("\n").slice(1)).toEqual([
    `  kept ${names.join(", ")}`,
    "  closed 1 timer (pages/api/a.ts)",
  ]);
});

test("what a replaced module closes late is told when it is closed", async () => {
  const gate = createGate();
  const project = createProject({
    "pages/api/a.ts": `setInterval(() => {}, 1000); export const GET = async () => { await ${gate.wait}; return new Response("old"); };`,
  });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 20 } } });
  const older = served.get("/api/a");
  await gate.reached;
  project.write("pages/api/a.ts", route(`"new"`));
  expect(await served.get("/api/a")).toBe("new");
  expect(await nextReload(served)).toMatchObject({ closed: [] });
  gate.open();
  expect(await older).toBe("old");
  await vi.waitFor(() =>
    expect(served.reports).toEqual([
      { event: "notice", level: "info", message: "Closed after older requests ended (v2): 1 timer." },
    ]),
  );
  expect((await served.status()).hmr.lastReload).toMatchObject({
    closed: [{ kind: "timer", module: "pages/api/a.ts", count: 1 }],
    summary: "pages/api/a.ts changed → /api/a; closed 1 timer",
  });
});

test("a save that only takes a broken edit back is told as the recovery, and as nothing else", async () => {
  const good = route(`"good"`);
  const project = createProject({ "pages/api/a.ts": good });
  const { get, fetch, reports } = await serve(project);
  expect(await get("/api/a")).toBe("good");
  project.write("pages/api/a.ts", `${good}\nconst = 1;`);
  expect((await fetch("/api/a")).status).toBe(500);
  await vi.waitFor(() => expect(reports.map(({ event }) => event)).toEqual(["error"]));
  project.write("pages/api/a.ts", good);
  expect(await get("/api/a")).toBe("good");
  await vi.waitFor(() => expect(reports.at(-1)?.event).toBe("recovered"));
  // Nothing can be waited for where nothing is to come: this is several times the quiet time after which it came.
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(reports.map(({ event }) => event)).toEqual(["error", "recovered"]);
});

test("a broken edit and its mending are told once each, whoever asks how often", async () => {
  const project = createProject({
    "pages/api/a.ts": route("1"),
    "pages/api/b.ts": importing("../../lib/n.ts"),
    "lib/n.ts": "export const n = 1;",
  });
  const { get, fetch, reports } = await serve(project, { plugin: { hmr: { debounceMs: 5 } } });
  expect(await get("/api/a")).toBe("1");
  expect(await get("/api/b")).toBe("1");
  project.write("lib/n.ts", "nonsense(");
  for (let n = 0; n < 5; n++) expect((await fetch("/api/b")).status).toBe(500);
  await get("/api/a");
  expect(reports).toEqual([
    expect.objectContaining({
      event: "error",
      file: "lib/n.ts",
      line: 1,
      routes: ["/api/b"],
      retries: 0,
      message: expect.any(String) as unknown,
    }),
  ]);
  project.write("lib/n.ts", "export const n = 2;");
  for (let n = 0; n < 5; n++) expect(await get("/api/b")).toBe("2");
  await vi.waitFor(() =>
    expect(reports.map(({ event }) => event).toSorted()).toEqual(["error", "recovered", "reload"]),
  );
});

test("a changed .env is told, too, when Vite has restarted before anybody saw the save", async () => {
  const project = createProject({
    ".env": "ORBIT_T_EARLY=1\n",
    "pages/api/a.ts": route("process.env.ORBIT_T_EARLY"),
  });
  const { get, server, session, reports } = await serve(project, { watch: false });
  expect(await get("/api/a")).toBe("1");
  project.write(".env", "ORBIT_T_EARLY=2\n");
  await server.restart();
  expect(await get("/api/a")).toBe("2");
  await settle(session);
  expect(reports).toMatchObject([{ strategy: "config", files: [".env"] }]);
});
