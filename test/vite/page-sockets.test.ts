import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createProject } from "./support/project.ts";
import { serve } from "./support/serve.ts";

/** What a page is answered that asks for a value, as it arrives here. */
async function answerTo(headers: Readonly<Record<string, string>>): Promise<unknown> {
  const { url } = await serve(createProject({ "pages/api/a.js": "" }), {
    config: { server: { allowedHosts: true } },
  });
  const socket = new WebSocket(url.replace("http", "ws"), "vite-hmr", { headers });
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  const answer = new Promise((resolve) => {
    socket.on("message", (raw: Buffer) => {
      const { event, data } = JSON.parse(raw.toString()) as { event?: string; data: { refusal: string } };
      if (event === "orbit:panel-state") resolve(data.refusal);
    });
  });
  const data = { ask: 1, kind: "store", id: "none", wish: "read" };
  socket.send(JSON.stringify({ type: "custom", event: "orbit:panel-state", data }));
  return answer;
}

test.each([{}, { host: "localhost:5173" }, { host: "shop.localhost:5173" }, { host: "[::1]:5173" }])(
  "a page at %j on this computer is shown values",
  async (headers) => {
    expect(await answerTo(headers)).toBe(`There is no store "none" any more.`);
  },
);

// A tunnel or a proxy on this computer connects from this computer.
test.each([
  { host: "shop.example" },
  { host: "localhost.shop.example" },
  { host: "localhost:5173", "x-forwarded-for": "203.0.113.7" },
  { host: "localhost:5173", forwarded: "for=203.0.113.7" },
])("a page that comes from elsewhere through this computer, with %j, is not", async (headers) => {
  expect(await answerTo(headers)).toMatch(/^Values are shown and changed only on the computer/);
});
