import { expect, test } from "vitest";
import { createProject } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const ticking = (word: string): string => `const encoder = new TextEncoder();
export function GET(request) {
  let timer;
  const body = new ReadableStream({
    start(controller) {
      timer = setInterval(() => controller.enqueue(encoder.encode("data: ${word}\\n\\n")), 5);
    },
    cancel: () => clearInterval(timer),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
`;

test("a stream that outlives its code is cut, so that its client comes back to the new code", async () => {
  const project = createProject({
    "pages/api/ticks.js": ticking("old"),
    "pages/api/idle.js": ticking("idle"),
  });
  const { url, get } = await serve(project, { tuning: { drainDeadlineMs: 50 } });
  const read = async (file: string): Promise<() => Promise<string>> => {
    const response = await fetch(`${url}/api/${file}`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    return async () => (await reader?.read())?.value ?? "done";
  };
  const old = await read("ticks");
  const idle = await read("idle");
  expect(await old()).toContain("old");
  expect(await idle()).toContain("idle");
  project.write("pages/api/ticks.js", ticking("new"));
  project.write("pages/api/plain.js", "export const GET = () => Response.json(1);");
  await get("/api/plain");
  const next = await read("ticks");
  expect(await next()).toContain("new");
  const untilCut = async (): Promise<void> => {
    while ((await old()) !== "done");
  };
  await expect(untilCut()).rejects.toThrow("terminated");
  // What was not edited streams on.
  expect(await idle()).toContain("idle");
  expect(await next()).toContain("new");
});
