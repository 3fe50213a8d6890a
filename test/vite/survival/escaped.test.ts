import { expect, test, vi } from "vitest";
import { serveInProcess } from "../support/child.ts";
import { createProject, route } from "../support/project.ts";

/** In a process of its own: what is tested ends processes, and vitest has handlers of its own. */
const escapes: Readonly<Record<string, { readonly code: string; readonly message: RegExp }>> = {
  "a rejection with an error": {
    code: `Promise.reject(new Error("lost"))`,
    message: /unhandled rejection in .*lost/,
  },
  "a rejection with text": {
    code: `Promise.reject("only text")`,
    message: /unhandled rejection in .*only text/,
  },
  "a rejection with nothing": { code: `Promise.reject()`, message: /unhandled rejection in .*undefined/ },
  "a throw in a timer": {
    code: `setTimeout(() => { throw new Error("in a timer"); })`,
    message: /uncaught error in .*in a timer/,
  },
  "a throw of nothing in a timer": {
    code: `setTimeout(() => { throw null; })`,
    message: /uncaught error in .*null/,
  },
  "an error event that nobody listens to": {
    code: `setImmediate(() => new EventEmitter().emit("error", new Error("emitted")))`,
    message: /uncaught error in .*emitted/,
  },
};

test.for(Object.entries(escapes))(
  "%s is told with the route, and the server goes on",
  async ([, { code, message }]) => {
    const project = createProject({
      "pages/api/a.ts": `import { EventEmitter } from "node:events";\n\nexport const GET = () => {\n  void ${code};\n  return new Response(typeof EventEmitter);\n};\n`,
      "pages/api/b.ts": route(`"b"`),
    });
    const { get, status, reports } = await serveInProcess(project);
    expect(await get("/api/a")).toBe("function");
    await vi.waitFor(async () => expect((await status()).errors).toHaveLength(1));
    const [error] = (await status()).errors;
    expect(error).toMatchObject({ route: "/api/a", message: expect.stringMatching(message) as unknown });
    expect(reports().find(({ event }) => event === "error")).toMatchObject({ routes: ["/api/a"] });
    expect(await get("/api/b")).toBe("b");
  },
);

test("what escapes while a module loads, or from its timers later, is told with its place", async () => {
  const project = createProject({
    "pages/api/a.ts": route(`"a"`, `import "../../lib/background.ts";`),
    "lib/background.ts": `interface Nothing {}\n\nPromise.reject(new Error("while loading"));\nsetTimeout(() => {\n  throw new Error("later");\n}, 5);\n`,
  });
  const { get, status } = await serveInProcess(project);
  expect(await get("/api/a")).toBe("a");
  await vi.waitFor(async () => {
    expect((await status()).errors.map(({ file, message }) => [file, message])).toEqual([
      ["lib/background.ts", expect.stringContaining("lib/background.ts:3: while loading")],
      ["lib/background.ts", expect.stringContaining("lib/background.ts:5: later")],
    ]);
  });
});

test.for(["process.exit(3)", "process.abort()", `require("node:process").exit()`])(
  "%s in a handler is an error of that request",
  async (ending) => {
    const project = createProject({
      "pages/api/a.ts": `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\nexport const GET = () => { ${ending}; };\n`,
      "pages/api/b.ts": route(
        `typeof require("node:fs")`,
        `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
      ),
    });
    const { fetch, get } = await serveInProcess(project);
    const answer = await fetch("/api/a");
    expect(answer.status).toBe(500);
    expect(answer.text).toContain("would end the dev server");
    expect(answer.text).toContain("pages/api/a.ts");
    expect(answer.text).not.toContain(project.root);
    expect(await get("/api/b")).toBe("object");
  },
);

test("process.exit at top level is an error of the routes that load it", async () => {
  const project = createProject({ "pages/api/a.ts": "process.exit(1);", "pages/api/b.ts": route(`"b"`) });
  const { fetch, get } = await serveInProcess(project);
  expect((await fetch("/api/a")).json()).toMatchObject({ status: 500, file: "pages/api/a.ts", line: 1 });
  expect(await get("/api/b")).toBe("b");
  project.write("pages/api/a.ts", route(`"a"`));
  expect(await get("/api/a")).toBe("a");
});

const working = (name: string): string => `
  class Queue {
    #waiting = [];
    next() { return new Promise((_, reject) => this.#waiting.push(reject)); }
    end() { for (const reject of this.#waiting) reject(new Error("${name} is closed")); }
  }
  const queue = new Queue();
  const work = async () => { for (;;) await queue.next(); };
  void work();
  export const GET = () => new Response("${name}");`;

test("that a loop fails when its client is closed with replaced code is no news", async () => {
  const project = createProject({ "pages/api/a.ts": working("one"), "pages/api/b.ts": route(`"b"`) });
  const { get, status, reports } = await serveInProcess(project);
  expect(await get("/api/a")).toBe("one");
  project.write("pages/api/a.ts", working("two"));
  expect(await get("/api/a")).toBe("two");
  await vi.waitFor(() =>
    expect(reports()).toMatchObject([{ event: "reload", closed: [{ kind: "client", count: 1 }] }]),
  );
  expect(await get("/api/b")).toBe("b");
  expect((await status()).errors).toEqual([]);
});

const connecting = (name: string): string => `
  import { EventEmitter } from "node:events";
  class Socket extends EventEmitter {
    close() { process.nextTick(() => this.emit("error", new Error("closed before it was connected"))); }
  }
  export const socket = new Socket();
  export const GET = () => new Response("${name}");`;

test("a client to which being closed is an error ends without a word", async () => {
  const project = createProject({ "pages/api/a.ts": connecting("one"), "pages/api/b.ts": route(`"b"`) });
  const { get, status, reports } = await serveInProcess(project);
  expect(await get("/api/a")).toBe("one");
  project.write("pages/api/a.ts", connecting("two"));
  expect(await get("/api/a")).toBe("two");
  await vi.waitFor(() =>
    expect(reports()).toMatchObject([{ event: "reload", closed: [{ kind: "client", count: 1 }] }]),
  );
  expect(await get("/api/b")).toBe("b");
  expect((await status()).errors).toEqual([]);
});
