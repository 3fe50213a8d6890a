import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { EndingSignal } from "../../src/protocol/ending-signal.ts";
import { createProject } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";
import { orbitonFile, Program, soon } from "./orbiton.ts";
import { packageRoot } from "./project.ts";

/** How people start a server: `npm start` with a script that is a command, or that has one after others. */
const starts = {
  "orbiton dev": [process.execPath, orbitonFile, "dev", "--port", "0"],
  vite: [process.execPath, join(packageRoot, "node_modules/vite/bin/vite.js"), "--port", "0"],
  "npm start": ["npm", "start"],
  "npm run after": ["npm", "run", "after"],
} as const;
type Start = keyof typeof starts;

const command = `"${process.execPath}" "${orbitonFile}" dev --port 0`;
const scripts = { start: command, after: `echo first && ${command}` };

const handlersOf = {
  none: "",
  /** It takes its time, and ends the process as every program does. */
  ordinary: `for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, async () => {
  log(signal);
  await work();
  log("done");
  process.exit(0);
});`,
  /** It ends the process when a server of its own has closed. */
  "closing a server": `import http from "node:http";
const server = http.createServer().listen(0);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => {
  log(signal);
  server.close(() => { log("done"); process.exit(0); });
});`,
  /** As NestJS does: it sends the signal again when it is done. */
  "signalling again": `for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, async function handler() {
  log(signal);
  await work();
  log("done");
  process.removeListener(signal, handler);
  process.kill(process.pid, signal);
});`,
  "never done": `for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, async () => {
  log(signal);
  await new Promise(() => {});
});`,
} as const;

function projectWith(handlers: string): Project {
  return createProject({
    "package.json": JSON.stringify({ type: "module", scripts }),
    "vite.config.js": `import { apiRoutes } from "orbit-hmr/vite"; export default { plugins: [apiRoutes()] };`,
    "pages/api/a.js": `import { spawn } from "node:child_process";
      import { once } from "node:events";
      import { appendFileSync } from "node:fs";
      // Nothing of it is done before another program has come to its end.
      const work = () => once(spawn(process.execPath, ["-e", ""], { stdio: "ignore" }), "exit");
      const log = (line) => appendFileSync("log.txt", line + " ");
      ${handlers}
      import.meta.hot.dispose(() => log("disposed"));
      export const GET = () => new Response("ok");`,
  });
}

/** A server in a process group of its own, as a shell starts it, that has answered once. */
async function startGroup(start: Start, project: Project): Promise<ServerGroup> {
  const program = new Program(starts[start], { cwd: project.root, detached: true });
  const group = -(program.process.pid ?? 0);
  onTestFinished(() => {
    if (isThere(group)) process.kill(group, "SIGKILL");
  });
  const [url = ""] = await program.prints(/http:\/\/localhost:\d+\//);
  expect((await fetch(new URL("api/a", url))).status).toBe(200);
  return {
    program,
    all: (signal) => void (isThere(group) && process.kill(group, signal)),
    first: (signal) => void program.process.kill(signal),
    gone: async () => {
      await vi.waitFor(() => expect(isThere(group)).toBe(false), soon);
      await program.ended();
      return program.process.exitCode ?? program.process.signalCode;
    },
    log: () => (existsSync(project.path("log.txt")) ? readFileSync(project.path("log.txt"), "utf8") : ""),
  };
}

interface ServerGroup {
  readonly program: Program;
  /** A terminal signals all processes of the group; `kill` only the first. */
  readonly all: (signal: EndingSignal) => void;
  readonly first: (signal: EndingSignal) => void;
  /** Resolves when no process of the group is left, with the exit code or signal of the first. */
  readonly gone: () => Promise<number | string | null>;
  readonly log: () => string;
}

function isThere(group: number): boolean {
  try {
    process.kill(group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Handlers run and are waited for, then everything that modules have opened is closed. */
const whole = (signal: EndingSignal): string => `${signal} done disposed `;

type Receiver = "all" | "first";
type Row = readonly [
  start: Start,
  handlers: keyof typeof handlersOf,
  signal: EndingSignal,
  receiver: Receiver,
  code: number | EndingSignal,
  log: string,
];

const once: readonly Row[] = [
  ["orbiton dev", "ordinary", "SIGINT", "all", 130, whole("SIGINT")],
  ["orbiton dev", "ordinary", "SIGTERM", "first", 143, whole("SIGTERM")],
  ["orbiton dev", "ordinary", "SIGHUP", "all", 129, whole("SIGHUP")],
  ["orbiton dev", "closing a server", "SIGTERM", "all", 143, whole("SIGTERM")],
  ["orbiton dev", "signalling again", "SIGINT", "first", 130, whole("SIGINT")],
  ["orbiton dev", "none", "SIGINT", "all", 130, "disposed "],
  ["vite", "ordinary", "SIGINT", "all", 0, whole("SIGINT")],
  ["vite", "ordinary", "SIGTERM", "all", 0, whole("SIGTERM")],
  ["vite", "ordinary", "SIGHUP", "all", 0, whole("SIGHUP")],
  ["vite", "closing a server", "SIGINT", "all", 0, whole("SIGINT")],
  ["vite", "signalling again", "SIGTERM", "all", 143, whole("SIGTERM")],
  ["vite", "none", "SIGTERM", "all", 143, "disposed "],
  ["vite", "none", "SIGINT", "all", "SIGINT", ""],
  ["vite", "none", "SIGHUP", "all", "SIGHUP", ""],
];

test.for(once)("%s with handlers %s: %s once to %s ends it with %s after: %s", async (row) => {
  const [start, handlers, signal, receiver, code, log] = row;
  const server = await startGroup(start, projectWith(handlersOf[handlers]));
  server[receiver](signal);
  expect(await server.gone()).toBe(code);
  expect(server.log()).toBe(log);
});

test.for<readonly [Start, EndingSignal, Receiver]>([
  ["npm start", "SIGINT", "all"],
  ["npm start", "SIGTERM", "first"],
  ["npm start", "SIGHUP", "all"],
  ["npm run after", "SIGINT", "all"],
  ["npm run after", "SIGTERM", "first"],
])(
  "%s: %s once to %s leaves no process behind, and everything is closed",
  async ([start, signal, receiver]) => {
    const server = await startGroup(start, projectWith(handlersOf.ordinary));
    server[receiver](signal);
    await server.gone();
    expect(server.log()).toMatch(/^SIG(?:INT|TERM|HUP) done disposed $/);
  },
);

test.for<readonly [Start, EndingSignal]>([
  ["orbiton dev", "SIGINT"],
  ["orbiton dev", "SIGTERM"],
  ["vite", "SIGINT"],
  ["vite", "SIGTERM"],
  ["vite", "SIGHUP"],
  ["npm start", "SIGINT"],
])("%s: %s a second time ends it at once, whatever handlers still do", async ([start, signal]) => {
  const server = await startGroup(start, projectWith(handlersOf["never done"]));
  server.all(signal);
  await vi.waitFor(() => expect(server.log()).toBe(`${signal} `), soon);
  // What follows within half a second is an echo of the first, as npm makes one.
  const again = setInterval(() => server.all(signal), 100);
  onTestFinished(() => clearInterval(again));
  await server.gone();
  expect(server.log()).not.toContain("disposed");
});
