import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createProject, route } from "../support/project.ts";
import type { Project } from "../support/project.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

/** A route that answers with what it read of the environment while it evaluated, and with how often that was. */
const reader = (name: string, code: string, head = ""): string =>
  route("`${value} ${runs}`", `${head} const runs = (globalThis as any).orbitRun("${name}"); ${code}`);

describe.for([
  { watch: true, propagation: "live" },
  { watch: false, propagation: "live" },
  { watch: false, propagation: "importers" },
] as const)("with the watcher $watch and propagation $propagation", ({ watch, propagation }) => {
  const start = async (files: Readonly<Record<string, string>>): Promise<Served & { project: Project }> => {
    const runs = new Map<string, number>();
    const orbitRun = (name: string): number => runs.set(name, (runs.get(name) ?? 0) + 1).get(name) ?? 0;
    Object.assign(globalThis, { orbitRun });
    onTestFinished(() => void Reflect.deleteProperty(globalThis, "orbitRun"));
    const project = createProject(files);
    return { project, ...(await serve(project, { watch, plugin: { hmr: { propagation } } })) };
  };

  test.for([
    ["a member", `const value = process.env.ORBIT_T_A;`],
    ["a computed member", `const name = "ORBIT_T_A"; const value = process.env[name];`],
    ["destructuring", `const { ORBIT_T_A: value } = process.env;`],
    ["in", `const value = "ORBIT_T_A" in process.env && process["env"]["ORBIT_T_A"];`],
    ["hasOwn", `const value = Object.hasOwn(process.env, "ORBIT_T_A") && globalThis.process.env.ORBIT_T_A;`],
    ["a helper", `const value = env("ORBIT_T_A");`, `import { env } from "../../lib/env.ts";`],
    ["a named import", `const value = env.ORBIT_T_A;`, `import { env } from "node:process";`],
    ["a default import", `const value = proc.env.ORBIT_T_A;`, `import proc from "node:process";`],
    ["a package", `const value = parse(process.env);`, `import { parse } from "tiny-env";`],
    ["a package's own hold", `const value = own("ORBIT_T_A");`, `import { own } from "tiny-env";`],
    ["import.meta.env", `const value = import.meta.env.ORBIT_T_A ?? import.meta.env.VITE_ORBIT_T_A;`],
    [
      "a chain of promises",
      `const value = await (async () => { await null; return process.env.ORBIT_T_A; })();`,
    ],
  ])("only modules that read the changed key by %s run again", async ([, code = "", head = ""]) => {
    const { project, get } = await start({
      ".env": "ORBIT_T_A=1\nVITE_ORBIT_T_A=1\nORBIT_T_B=1\nVITE_ORBIT_T_B=1\n",
      "node_modules/tiny-env/package.json": `{ "name": "tiny-env", "main": "./index.cjs" }`,
      "node_modules/tiny-env/index.cjs": `const { env } = process; exports.own = (key) => env[key];
        exports.parse = (from) => ["ORBIT_T_A"].map((key) => from[key]).join();`,
      "lib/env.ts": `export const env = (key: string) => process.env[key];`,
      "pages/api/a.ts": reader("a", code, head),
      "pages/api/b.ts": reader(
        "b",
        `const value = env("ORBIT_T_B") + process.env.ORBIT_T_B + import.meta.env.VITE_ORBIT_T_B;`,
        `import { env } from "../../lib/env.ts";`,
      ),
    });
    expect([await get("/api/a"), await get("/api/b")]).toEqual(["1 1", "111 1"]);
    project.write(".env", "ORBIT_T_A=2\nVITE_ORBIT_T_A=2\nORBIT_T_B=1\nVITE_ORBIT_T_B=1\n");
    expect([await get("/api/a"), await get("/api/b")]).toEqual(["2 2", "111 1"]);
    project.write(".env", "ORBIT_T_A=2\nVITE_ORBIT_T_A=2\nORBIT_T_B=3\nVITE_ORBIT_T_B=3\n");
    expect([await get("/api/a"), await get("/api/b")]).toEqual(["2 2", "333 2"]);
    project.write(".env", "ORBIT_T_B=3\nVITE_ORBIT_T_B=3\n");
    expect((await get("/api/a")).endsWith(" 3")).toBe(true);
    expect(await get("/api/b")).toBe("333 2");
  });

  test.for([
    [
      "Object.keys",
      `const value = Object.keys(process.env).filter((key) => key.startsWith("ORBIT_T")).length;`,
    ],
    [
      "a copy",
      `const value = Object.keys({ ...process.env }).filter((key) => key.startsWith("ORBIT_T")).length;`,
    ],
    ["for in", `let value = 0; for (const key in process.env) if (key.startsWith("ORBIT_T")) value++;`],
    [
      "JSON",
      `const value = Object.keys(JSON.parse(JSON.stringify(process.env))).filter((key) => key.startsWith("ORBIT_T")).length;`,
    ],
  ])("whoever enumerates the environment by %s depends on all of it", async ([, code = ""]) => {
    const { project, get } = await start({
      ".env": "ORBIT_T_A=1\n",
      "pages/api/a.ts": reader("a", code),
    });
    expect(await get("/api/a")).toBe("1 1");
    project.write(".env", "ORBIT_T_A=1\nORBIT_T_NEW=1\n");
    expect(await get("/api/a")).toBe("2 2");
  });

  test("a request sees new values at once, and nothing runs again", async () => {
    const { project, get } = await start({
      ".env": "ORBIT_T_A=1\nVITE_ORBIT_T_A=1\n",
      "pages/api/a.ts": reader(
        "a",
        `const own = import.meta.env; const whole = process.env;
         const value = { toString: () => [process.env.ORBIT_T_A, whole.ORBIT_T_A, import.meta.env.VITE_ORBIT_T_A, own.VITE_ORBIT_T_A].join("") };`,
      ),
    });
    expect(await get("/api/a")).toBe("1111 1");
    project.write(".env", "ORBIT_T_A=2\nVITE_ORBIT_T_A=2\n");
    expect(await get("/api/a")).toBe("2222 1");
  });

  test("a value that is made once from a key is made anew when the key changes", async () => {
    const { project, get } = await start({
      ".env": "ORBIT_T_A=1\n",
      "lib/config.ts": `export const config = () => ({ url: process.env.ORBIT_T_A });`,
      "lib/far.ts": `import { config } from "./config.ts"; let far: unknown; export const getFar = () => (far ??= { url: config().url });`,
      "pages/api/a.ts": route(
        "[near().url, plain(), getFar().url].join()",
        `import { getFar } from "../../lib/far.ts";
         let client: any; const near = () => (client ??= { url: process.env.ORBIT_T_A });
         let text: any; function plain() { if (!text) text = process.env.ORBIT_T_A; return text; }`,
      ),
    });
    expect(await get("/api/a")).toBe("1,1,1");
    project.write(".env", "ORBIT_T_A=2\n");
    expect(await get("/api/a")).toBe("2,2,2");
  });

  test("a top-level variable that holds a key is not kept when the key changes", async () => {
    const { project, get } = await start({
      ".env": "ORBIT_T_A=1\n",
      "pages/api/a.ts": route(
        "[value, list].join()",
        `let value = process.env.ORBIT_T_A; const list = [process.env.ORBIT_T_A];`,
      ),
    });
    expect(await get("/api/a")).toBe("1,1");
    project.write(".env", "ORBIT_T_A=2\n");
    expect(await get("/api/a")).toBe("2,2");
  });

  test("a module that fails for want of a key is mended by the key", async () => {
    const { project, get, fetch } = await start({
      ".env": "ORBIT_T_B=1\n",
      "pages/api/a.ts": route("key", `import { key } from "../../lib/env.ts";`),
      "lib/env.ts": `import { need } from "./need.ts"; export const key = need("ORBIT_T_A");`,
      "lib/need.ts": `export function need(key: string) { const value = process.env[key]; if (!value) throw new Error("no " + key); return value; }`,
    });
    expect((await fetch("/api/a")).text).toContain("no ORBIT_T_A");
    project.write(".env", "ORBIT_T_A=1\n");
    await vi.waitFor(async () => expect(await get("/api/a")).toBe("1"), { timeout: 5_000 });
  });

  test("what code does with the environment is what Node does", async () => {
    const { get } = await start({
      ".env": "ORBIT_T_A=1\n",
      "pages/api/a.ts": route(
        "JSON.stringify(found)",
        `import { execFileSync } from "node:child_process"; import { Worker } from "node:worker_threads"; import { inspect } from "node:util";
         const env = process.env as any;
         env.ORBIT_T_NUMBER = 1; env.ORBIT_T_GONE = "x"; delete env.ORBIT_T_GONE;
         const child = execFileSync(process.execPath, ["-p", "process.env.ORBIT_T_A + process.env.ORBIT_T_NUMBER"]).toString().trim();
         const worker = await new Promise((done) => new Worker("require('worker_threads').parentPort.postMessage(process.env.ORBIT_T_NUMBER)", { eval: true }).once("message", done));
         const found = [typeof env.ORBIT_T_NUMBER, "ORBIT_T_GONE" in env, child, worker, inspect(env).includes("ORBIT_T_A"),
           Object.prototype.toString.call(env), String(env), Object.entries(env).some(([key]) => key === "ORBIT_T_A")];`,
      ),
    });
    onTestFinished(() => void delete process.env["ORBIT_T_NUMBER"]);
    const native = ["string", false, "11", "1", true, "[object Object]", "[object Object]", true];
    expect(JSON.parse(await get("/api/a"))).toEqual(native);
  });
});
