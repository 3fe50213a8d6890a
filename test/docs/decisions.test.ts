import { expect, test } from "vitest";
import { orbitonFile, Program } from "../cli/orbiton.ts";
import { createProject } from "../cli/project.ts";

// `NODE_DEBUG` shows the decisions that an edit asks for.

const route = `
let hits = 0;
const timer = setInterval(Boolean, 60_000);

export const GET = () => Response.json({ hits: ++hits, text: "old", isTimed: timer !== undefined });
`;

test("each decision is shown: what made a request wait, runs, is carried over, opened and stored", async () => {
  const project = createProject({ "pages/api/clock.js": route });
  const program = new Program([process.execPath, orbitonFile, "dev", project.root, "--port", "0"], {
    env: { NODE_DEBUG: "orbit:*" },
  });
  const [, url = ""] = await program.prints(/(http:\/\/localhost:\d+)/);
  const ask = async (): Promise<unknown> => (await fetch(`${url}/api/clock`)).json();
  expect(await ask()).toMatchObject({ hits: 1, text: "old" });
  project.edit("pages/api/clock.js", '"old"', '"new"');
  expect(await ask()).toMatchObject({ hits: 2, text: "new" });
  await program.prints(/ORBIT:OPENER \d+: setInterval by pages\/api\/clock\.js\n/, "stderr");
  await program.prints(/ORBIT:BARRIER \d+: \S+clock\.js: /, "stderr");
  await program.prints(/ORBIT:READ \d+: \S+clock\.js /, "stderr");
  await program.prints(/ORBIT:PLAN \d+: runs pages\/api\/clock\.js \(edited\)/, "stderr");
  await program.prints(/ORBIT:CARRY \d+: pages\/api\/clock\.js:timer goes on: it is open/, "stderr");
  await program.prints(/ORBIT:CARRY \d+: kept pages\/api\/clock\.js:hits/, "stderr");
  await program.prints(/ORBIT:CACHE \d+: the graph in \S+: not there/, "stderr");
  await program.prints(/ORBIT:CACHE \d+: stored state: 0 values/, "stderr");
  await program.prints(/ORBIT:REPORT \d+: committed v2/, "stderr");
});
