import { expect, test, vi } from "vitest";
import { serveInProcess } from "../support/child.ts";
import { createProject, route } from "../support/project.ts";

/** Ways to go wrong in a package, whose frames lead to no module of the project. */
const endings: Readonly<Record<string, { readonly body: string; readonly told: string }>> = {
  "a call of process.exit": { body: `process.exit(1);`, told: "process.exit(1)" },
  "a call of process.abort": { body: `process.abort();`, told: "process.abort()" },
  "a thrown error": { body: `throw new Error("cannot");`, told: "cannot" },
  "a rejection": { body: `return Promise.reject(new Error("cannot"));`, told: "cannot" },
  "a rejection that nobody waits for": {
    body: `void Promise.reject(new Error("cannot")); return Promise.resolve();`,
    told: "cannot",
  },
  "a later call of process.exit": { body: `setTimeout(() => process.exit(1));`, told: "process.exit(1)" },
  "a later error": { body: `setTimeout(() => { throw new Error("cannot"); });`, told: "cannot" },
  "a later rejection": {
    body: `setImmediate(async () => { throw new Error("cannot"); });`,
    told: "cannot",
  },
  "an error event that nobody listens to": {
    body: `queueMicrotask(() => new EventEmitter().emit("error", new Error("cannot")));`,
    told: "cannot",
  },
};

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
    const named = Object.entries(endings).map(([what, { body, told }]) => ({
      body,
      told,
      name: what.replaceAll(" ", "-"),
    }));
    const project = createProject(
      Object.assign({}, ...named.map(({ name, body }) => packageThat(name, body))) as Record<string, string>,
    );
    const write = (part: 0 | 1): void => {
      for (const { name } of named)
        project.write(`pages/api/${name}.ts`, route(String(part), textsOf(name)[part]));
    };
    write(0);
    const { get, reports } = await serveInProcess(project);
    for (const { name } of named) expect(await get(`/api/${name}`)).toBe("0");
    write(1);
    for (const { name } of named) expect(await get(`/api/${name}`)).toBe("1");
    for (const { name, told } of named) {
      const isTold = (text: string): boolean =>
        text.search(new RegExp(`${name}(?![-\\w])`)) !== -1 && text.includes(told);
      await vi.waitFor(() =>
        expect(
          reports()
            .map((report) => JSON.stringify(report))
            .filter(isTold),
        ).toHaveLength(1),
      );
    }
  },
);
