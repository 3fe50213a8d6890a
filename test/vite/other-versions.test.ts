import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { findNewestVite } from "../../scripts/newest-vite.js";
import { packageRoot } from "../cli/project.ts";
import { serveInProcess } from "./support/child.ts";
import { createProject } from "./support/project.ts";

const text = (word: string): string => `import { createStore } from "orbit-hmr/state";
import { name } from "../../lib/name.ts";
const store = createStore("calls", 0);
let calls = 0;
export const GET = () => Response.json(["${word}", name, ++calls, store.update((n: number) => n + 1), import.meta.env.MODE]);
`;

const newest = findNewestVite();
if (newest === undefined)
  process.stderr.write("SKIPPED: the tests with the newest Vite need it: `npm test` installs it.\n");

const folders = [join(packageRoot, "node_modules/vite-oldest"), ...(newest === undefined ? [] : [newest])];

test.each(folders.map((vite) => ({ vite, version: versionOf(vite) })))(
  "a linked package serves with the Vite of the project, whatever version it has beside it: $version",
  async ({ vite }) => {
    const project = createProject({
      "lib/name.ts": `export const name: string = "old";`,
      "pages/api/a.ts": text("one"),
    });
    const { fetch, get, reports } = await serveInProcess(project, vite);
    const answer = async (): Promise<unknown> => JSON.parse(await get("/api/a"));
    expect(await answer()).toEqual(["one", "old", 1, 1, "development"]);
    project.write("lib/name.ts", `export const name: string = "new";`);
    expect(await answer()).toEqual(["one", "new", 2, 2, "development"]);
    project.write("pages/api/a.ts", "export const GET = (;");
    expect((await fetch("/api/a")).json()).toMatchObject({ file: "pages/api/a.ts", line: 1 });
    project.write("pages/api/a.ts", text("two"));
    expect(await answer()).toEqual(["two", "new", 3, 3, "development"]);
    await vi.waitFor(() => expect(reports().some(({ event }) => event === "reload")).toBe(true));
  },
);

function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return version;
}
