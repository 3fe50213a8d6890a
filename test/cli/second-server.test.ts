import { readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { DevProgram, soon } from "./orbiton.ts";
import { createProject, type Project } from "./project.ts";

const files = {
  "pages/api/counter.js": `import { createStore } from "orbit-hmr/state";
const store = createStore("hits", 0);
let top = 0;
export const POST = () => Response.json([store.update((hits) => hits + 1), ++top]);
`,
};
const FOLDER = "node_modules/.cache/orbit-hmr";

async function post(server: DevProgram): Promise<unknown> {
  return server.fetchJson("/api/counter", { method: "POST" });
}

function serversOf(project: Project): string[] {
  return readdirSync(project.path(FOLDER)).filter((name) => name.startsWith("server-"));
}

/** Ends as an operator would end it. */
async function end(server: DevProgram, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  server.process.kill(signal);
  await server.ended();
}

test("a second server names the first, and runs on with a state of its own", async () => {
  const project = createProject(files);
  const first = await DevProgram.start(project.root);
  expect(await post(first)).toEqual([1, 1]);
  const second = await DevProgram.start(project.root, []);
  const [line] = await second.prints(/warning .*\n/);
  expect(line).toContain(`Another server of this project runs at ${first.url} (process `);
  expect(second.stdout.match(/Another server/g)).toHaveLength(1);
  expect(await post(second)).toEqual([1, 1]);
  expect(await post(first)).toEqual([2, 2]);
  expect(await post(second)).toEqual([2, 2]);
  expect(serversOf(project)).toEqual(["server-1.json", "server-2.json"]);

  expect(await post(second)).toEqual([3, 3]);
  await end(second);
  await end(first);
  expect(serversOf(project)).toEqual([]);
  const third = await DevProgram.start(project.root);
  // The first one's: the second has neither replaced it nor added to it.
  expect(await post(third)).toEqual([3, 3]);
  expect(JSON.stringify(third.events)).not.toContain("Another server");
});

test("servers that start at the same moment agree on who is the first", async () => {
  const project = createProject(files);
  const servers = await Promise.all([1, 2, 3].map(async () => DevProgram.start(project.root)));
  expect(serversOf(project)).toEqual(["server-1.json", "server-2.json", "server-3.json"]);
  for (const server of servers) await post(server);
  for (const server of servers) await post(server);
  const told = servers.filter(({ stdout }) => stdout.includes("a state of its own, which is not kept"));
  expect(told).toHaveLength(2);
});

test("a server that was killed is in nobody's way: the next one is the first, with its state", async () => {
  const project = createProject(files);
  const first = await DevProgram.start(project.root);
  const second = await DevProgram.start(project.root);
  await post(first);
  await vi.waitFor(
    () => expect(readFileSync(project.path(`${FOLDER}/state-1.json`), "utf8")).toMatch(/hits/),
    soon,
  );
  await end(second);
  const { pid } = JSON.parse(readFileSync(project.path(`${FOLDER}/server-1.json`), "utf8")) as {
    pid: number;
  };
  process.kill(pid, "SIGKILL");
  await first.ended();
  expect(serversOf(project)).toEqual(["server-1.json"]);
  const next = await DevProgram.start(project.root);
  expect(await post(next)).toEqual([2, 2]);
  expect(JSON.stringify(next.events)).not.toContain("Another server");
});
