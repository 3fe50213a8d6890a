import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { DevProgram, soon } from "./orbiton.ts";
import { createProject } from "./project.ts";

const files = {
  "pages/api/counter.js": `import { createStore } from "orbit-hmr/state";
const store = createStore("hits", 0);
let top = 0;
const visitors = new Map();
export const POST = () => {
  visitors.set(visitors.size, new Date(0));
  return Response.json([store.update((hits) => hits + 1), ++top, visitors.size]);
};
`,
};

async function end(server: DevProgram, signal: NodeJS.Signals): Promise<void> {
  const closed = once(server.process, "close");
  server.process.kill(signal);
  await closed;
}

async function post(server: DevProgram): Promise<unknown> {
  return server.fetchJson("/api/counter", { method: "POST" });
}

test("explicit state and top-level bindings outlive the process, also one that is killed", async () => {
  const project = createProject(files);
  const first = await DevProgram.start(project.root);
  expect(await post(first)).toEqual([1, 1, 1]);
  expect(await post(first)).toEqual([2, 2, 2]);
  const kept = join(project.root, "node_modules/.cache/orbit-hmr/state-1.json");
  // Written a moment after the answer; what is killed before loses that moment.
  await vi.waitFor(() => expect(readFileSync(kept, "utf8")).toMatch(/"hits"[^]*\b2\b/), soon);
  await end(first, "SIGKILL");

  const second = await DevProgram.start(project.root);
  expect(await post(second)).toEqual([3, 3, 3]);
  await end(second, "SIGINT");

  const clean = await DevProgram.start(project.root, ["--json", "--no-state"]);
  expect(await post(clean)).toEqual([1, 1, 1]);
});

test("a state file that cannot be read is moved aside, and that is said when the server starts", async () => {
  const project = createProject(files);
  project.write("node_modules/.cache/orbit-hmr/state-1.json", "no state");
  const server = await DevProgram.start(project.root, []);
  expect(server.stdout).toMatch(
    /warning .*is not a state file of this version.*state-1\.unreadable-.*\.json/,
  );
  expect(await post(server)).toEqual([1, 1, 1]);
});
