import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { ReloadReport } from "../../src/protocol/report.ts";
import { createJsonTerminal, createTerminal, type TerminalInit } from "../../src/cli/terminal.ts";

class Printed extends PassThrough {
  get text(): string {
    return String(this.read() ?? "");
  }
}

const project = {
  urls: { local: ["http://localhost:8000/"], network: ["http://192.168.1.7:8000/"] },
  routes: [
    { path: "/api/a", file: "pages/api/a.js" },
    { path: "/api/b", file: "pages/api/b.js" },
  ],
};

const reload: ReloadReport = {
  event: "reload",
  strategy: "single",
  reason: "pages/api/a.js changed",
  files: ["pages/api/a.js"],
  routes: ["/api/a"],
  ms: 1,
  ran: ["pages/api/a.js"],
  kept: [],
  reset: [],
  closed: [],
  version: 2,
  summary: "",
};

function outputs(given: Partial<TerminalInit> = {}): TerminalInit & { out: Printed; err: Printed } {
  return { root: "/srv/app", hasKeys: false, ...given, out: new Printed(), err: new Printed() };
}

test("every address is shown, and which of them others can reach", () => {
  const init = outputs();
  createTerminal(init).ready(project, { version: "1.2.3", ms: 412.4 });
  expect(init.out.text).toBe(`
  orbiton 1.2.3 ready in 412 ms

  http://localhost:8000/
  http://192.168.1.7:8000/ (network)
  2 API routes

`);
});

test("where keys work, the start says how to find them", () => {
  const init = outputs({ hasKeys: true });
  createTerminal(init).ready(project, { version: "1.2.3", ms: 1 });
  expect(init.out.text).toContain("2 API routes · h shows the keys\n");
});

test("a verbose terminal has all that a reload kept, below its line", () => {
  const kept = Array.from({ length: 6 }, (_, index) => `n${index}`);
  const [short, whole] = [outputs(), outputs({ isVerbose: true })];
  createTerminal(short).report({ ...reload, kept });
  createTerminal(whole).report({ ...reload, kept });
  const head = "reloaded  pages/api/a.js changed → /api/a · 1 ms · v2";
  expect(short.out.text).toBe(`${head} · kept n0, n1, n2 and 3 more\n`);
  expect(whole.out.text).toBe(`${head}\n          kept      n0, n1, n2, n3, n4, n5\n`);
});

test("a terminal that says it has no columns does not know how many: nothing is wrapped", () => {
  const init = outputs();
  Object.assign(init.out, { columns: 0 });
  createTerminal(init).report(reload);
  expect(init.out.text).toBe("reloaded  pages/api/a.js changed → /api/a · 1 ms · v2\n");
});

test("a failure is on stderr, without the name of the program it comes from", () => {
  const init = outputs();
  createTerminal(init).failed({ message: "[orbit] Port 8000 is in use.", code: "PORT_IN_USE" });
  expect([init.out.text, init.err.text]).toEqual(["", "error Port 8000 is in use.\n"]);
});

test("a failure that is not ours brings its stack", () => {
  const init = outputs();
  createTerminal(init).failed({ message: "boom", stack: "Error: boom\n    at plugin (vite.config.js:3:1)" });
  expect(init.err.text).toBe("error boom\n  at plugin (vite.config.js:3:1)\n");
});

test("a program is told facts on stdout; whatever is meant for people is on stderr", () => {
  const init = outputs();
  const terminal = createJsonTerminal(init);
  terminal.ready(project, { version: "1.2.3", ms: 1 });
  terminal.report({ event: "recovered", routes: ["/api/a"], version: 2 });
  terminal.note("restarting");
  expect(init.out.text).toBe(
    '{"event":"ready","url":"http://localhost:8000/"}\n{"event":"recovered","routes":["/api/a"],"version":2}\n',
  );
  expect(init.err.text).toBe("restarting\n");
});

test("the screen is cleared only where there is one", () => {
  const init = outputs();
  createTerminal(init).clear();
  expect(init.out.text).toBe("");
});
