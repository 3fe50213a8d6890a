import { describe, expect, test, vi } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const ASK = `import { once } from "node:events"; import { Worker } from "node:worker_threads"; import { fork, spawn } from "node:child_process";
const at = (name: string) => new URL("../../lib/" + name, import.meta.url);
const ask = async (other: any) => { if (other.postMessage) other.postMessage(1); else other.send(1); return (await once(other, "message"))[0]; };\n`;

const worker = {
  "lib/worker.mjs": `import { parentPort } from "node:worker_threads"; import { word } from "./one/word.mjs";
    parentPort.on("message", () => parentPort.postMessage(word));`,
  "lib/one/word.mjs": `export const word = "one";`,
};
const child = {
  "lib/child.cjs": `const { word } = require("./one/word.cjs"); process.on("message", () => process.send(word));`,
  "lib/one/word.cjs": `exports.word = "one";`,
};

/** Ways to run a program that answers with its word, and the files that it is made of. */
const programs: Readonly<
  Record<
    string,
    { readonly files: Readonly<Record<string, string>>; readonly main: string; readonly below: string }
  >
> = {
  "a worker at top level": {
    files: {
      ...worker,
      "pages/api/a.ts": route("await ask(worker)", `${ASK} const worker = new Worker(at("worker.mjs"));`),
    },
    main: "lib/worker.mjs",
    below: "lib/one/word.mjs",
  },
  "a worker that a request opens": {
    files: {
      ...worker,
      "pages/api/a.ts": route(
        "await ask(open())",
        `${ASK} let worker: Worker | undefined; const open = () => (worker ??= new Worker(at("worker.mjs")));`,
      ),
    },
    main: "lib/worker.mjs",
    below: "lib/one/word.mjs",
  },
  "a worker that a helper opens and a container keeps": {
    files: {
      ...worker,
      "pages/api/a.ts": `${ASK} import { workerOf } from "../../lib/pool.ts"; export const GET = async () => new Response(await ask(workerOf("a")));`,
      "lib/pool.ts": `import { Worker } from "node:worker_threads"; const workers = new Map<string, Worker>();
        const open = () => new Worker(new URL("./worker.mjs", import.meta.url));
        export const workerOf = (name: string) => { let worker = workers.get(name); if (!worker) workers.set(name, (worker = open())); return worker; };`,
    },
    main: "lib/worker.mjs",
    below: "lib/one/word.mjs",
  },
  "a worker in TypeScript that starts by a path": {
    files: {
      "lib/worker.cts": `const { parentPort } = require("node:worker_threads"); const { word } = require("./one/word.cjs");
        parentPort.on("message", () => parentPort.postMessage(word));`,
      "lib/one/word.cjs": `exports.word = "one";`,
      "pages/api/a.ts": route(
        "await ask(worker)",
        `${ASK} const worker = new Worker(at("worker.cts").pathname);`,
      ),
    },
    main: "lib/worker.cts",
    below: "lib/one/word.cjs",
  },
  "a forked process at top level": {
    files: {
      ...child,
      "pages/api/a.ts": route("await ask(child)", `${ASK} const child = fork(at("child.cjs").pathname);`),
    },
    main: "lib/child.cjs",
    below: "lib/one/word.cjs",
  },
  "a process that a request forks": {
    files: {
      ...child,
      "pages/api/a.ts": route(
        "await ask(open())",
        `${ASK} let child: ReturnType<typeof fork> | undefined; const open = () => (child ??= fork(at("child.cjs").pathname));`,
      ),
    },
    main: "lib/child.cjs",
    below: "lib/one/word.cjs",
  },
  "a spawned process": {
    files: {
      ...child,
      "pages/api/a.ts": route(
        "await ask(child)",
        `${ASK} const child = spawn(process.execPath, ["--no-warnings", at("child.cjs").pathname], { stdio: ["ignore", "ignore", "ignore", "ipc"] });`,
      ),
    },
    main: "lib/child.cjs",
    below: "lib/one/word.cjs",
  },
};

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  test.for(Object.entries(programs))(
    "%s is opened anew when its file or one below changes",
    async ([, { files, main, below }]) => {
      const project = createProject(files);
      const { get } = await serve(project, { watch });
      expect(await get("/api/a")).toBe("one");
      project.write(below, (files[below] ?? "").replace("one", "two"));
      expect(await get("/api/a")).toBe("two");
      project.write(main, (files[main] ?? "").replace(/\bword\)/, `word + "!")`));
      expect(await get("/api/a")).toBe("two!");
    },
  );
});

test("what a worker runs is named as the cause, and the old worker is closed", async () => {
  const { files, below } = programs["a worker at top level"] ?? { files: {}, below: "" };
  const project = createProject(files);
  const served = await serve(project, { plugin: { hmr: { debounceMs: 20 } } });
  expect(await served.get("/api/a")).toBe("one");
  project.write(below, `export const word = "two";`);
  const file = Object.keys(files).find((each) => each.startsWith("pages"));
  await vi.waitFor(() =>
    expect(served.reports[0]).toMatchObject({
      event: "reload",
      files: [below],
      ran: [file],
      routes: ["/api/a"],
    }),
  );
  expect(await served.get("/api/a")).toBe("two");
  await vi.waitFor(async () => {
    const { resources } = await served.status();
    expect(resources.map(({ module }) => module)).toEqual([file]);
  });
});

test("a worker that goes on when another line is edited is opened anew with its file all the same", async () => {
  const { files, below } = programs["a worker at top level"] ?? { files: {}, below: "" };
  const project = createProject(files);
  const { get } = await serve(project, { watch: false });
  expect(await get("/api/a")).toBe("one");
  project.write(
    "pages/api/a.ts",
    `${Object.entries(files).find(([name]) => name === "pages/api/a.ts")?.[1]}\nexport const POST = () => new Response("new");`,
  );
  expect(await get("/api/a")).toBe("one");
  project.write(below, `export const word = "two";`);
  expect(await get("/api/a")).toBe("two");
});
