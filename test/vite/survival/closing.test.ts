import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { serveInProcess } from "../support/child.ts";
import { createProject, route } from "../support/project.ts";

/** Ways to go wrong in a package, whose frames lead to no module of the project; and what is told of it. */
const endings: readonly (readonly [packageName: string, body: string, told: string])[] = [
  ["that-exits", `process.exit(1);`, "process.exit(1)"],
  ["that-aborts", `process.abort();`, "process.abort()"],
  ["that-throws", `throw new Error("cannot");`, "cannot"],
  ["that-rejects", `return Promise.reject(new Error("cannot"));`, "cannot"],
  ["that-loses-a-rejection", `void Promise.reject(new Error("cannot"));`, "cannot"],
  ["that-exits-later", `setTimeout(() => process.exit(1));`, "process.exit(1)"],
  ["that-throws-later", `setTimeout(() => { throw new Error("cannot"); });`, "cannot"],
  ["that-rejects-later", `setImmediate(async () => { throw new Error("cannot"); });`, "cannot"],
  [
    "that-emits-an-error",
    `queueMicrotask(() => new EventEmitter().emit("error", new Error("cannot")));`,
    "cannot",
  ],
];

/** Who asks a package to close something: the second text of a module closes what the first has made. */
const closers: Readonly<Record<string, (ending: string) => readonly [before: string, after: string]>> = {
  "a client": (ending) => [`import { Client } from "${ending}"; const client = new Client();`, ""],
  "a dispose handler": (ending) => [`import { close } from "${ending}"; import.meta.hot.dispose(close);`, ""],
  "a dispose handler that hands over": (ending) => [
    `import { closeWith } from "${ending}"; import.meta.hot.dispose(closeWith);`,
    "",
  ],
  "a singleton": (ending) => [
    `import { createSingleton } from "orbit-hmr/state"; import { close } from "${ending}";
     createSingleton("${ending}", () => ({}), { dispose: close });`,
    `import { globalStateManager } from "orbit-hmr/state"; globalStateManager.clear("${ending}");`,
  ],
};

function packageThat(name: string, body: string): Readonly<Record<string, string>> {
  return {
    [`node_modules/${name}/package.json`]: `{ "name": "${name}", "main": "index.cjs" }`,
    [`node_modules/${name}/index.cjs`]: `const { EventEmitter } = require("node:events");
      const close = () => { ${body} };
      exports.close = close;
      exports.closeWith = (data) => close(data);
      exports.Client = class { end() { return close(); } };`,
  };
}

test.for(Object.entries(closers))(
  "nothing that runs while %s is closed ends the server, and each failure is told",
  async ([, textsOf]) => {
    const packages = endings.map(([name, body]) => packageThat(name, body));
    const project = createProject(Object.assign({}, ...packages) as Record<string, string>);
    const write = (part: 0 | 1): void => {
      for (const [name] of endings)
        project.write(`pages/api/${name}.ts`, route(String(part), textsOf(name)[part]));
    };
    write(0);
    const { get, reports } = await serveInProcess(project);
    for (const [name] of endings) expect(await get(`/api/${name}`)).toBe("0");
    write(1);
    for (const [name] of endings) expect(await get(`/api/${name}`)).toBe("1");
    for (const [name, , told] of endings) {
      const isAbout = new RegExp(`${name}(?![-\\w])`);
      const toldOf = (): readonly string[] =>
        reports()
          .map((report) => JSON.stringify(report))
          .filter((text) => isAbout.test(text) && text.includes(told));
      await vi.waitFor(() => expect(toldOf()).toHaveLength(1));
    }
  },
);

const nestApp = (n: number): string => `
    import "reflect-metadata";
    import { appendFileSync } from "node:fs";
    import { Module } from "@nestjs/common";
    import { NestFactory } from "@nestjs/core";
    class AppModule { onApplicationShutdown() { appendFileSync("closed.log", "${n} "); } }
    Module({})(AppModule);
  const app = await NestFactory.create(AppModule, { logger: false });
    await app.init();
    export const GET = () => new Response(typeof app.end + ${n});`;

test("an app of NestJS is closed as NestJS closes it", async () => {
  const project = createProject({ "pages/api/a.js": nestApp(1) });
  for (const name of ["@nestjs", "reflect-metadata"])
    project.link(resolve(import.meta.dirname, "../../../node_modules", name), `node_modules/${name}`);
  const { get } = await serveInProcess(project);
  expect(await get("/api/a")).toBe("function1");
  project.write("pages/api/a.js", nestApp(2));
  expect(await get("/api/a")).toBe("function2");
  await vi.waitFor(() => expect(readFileSync(project.path("closed.log"), "utf8")).toBe("1 "));
  expect(await get("/api/a")).toBe("function2");
});
