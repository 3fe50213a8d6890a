import { expect, test } from "vitest";
import { PageChannel } from "../../../src/browser/page-channel.ts";
import type { Frame } from "../../../src/browser/page-channel.ts";
import { FROM_PAGE } from "../../../src/protocol/page-wire.ts";
import { openForPages } from "../../../src/session/tell-pages.ts";
import { createProject } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";

test("a page of another computer opens nothing, and is told why", async () => {
  const served = await serve(createProject({ "lib/a.ts": "" }));
  const channel = new PageChannel();
  openForPages(served.session, channel);
  const told: Frame[] = [];
  const connection = { isLocal: false, server: "server", send: (frame: Frame) => void told.push(frame) };
  channel.receive("orbit:open-in-editor", { file: "lib/a.ts" }, connection);
  expect(told).toMatchObject([
    {
      event: "orbit:editor",
      data: { problem: "Only pages on the computer of the server may open its editor." },
    },
  ]);
});

test.each([
  ["orbit:page-error", { id: 0, message: "x" }, true],
  ["orbit:page-error", { id: 0, message: "x", file: "http://a/b.js", line: 1, column: 2, stack: "s" }, true],
  ["orbit:page-error", { id: "0", message: "x" }, false],
  ["orbit:page-error", { id: 0, message: "x".repeat(5_000) }, false],
  ["orbit:page-error", { id: 0 }, false],
  ["orbit:open-in-editor", { file: "a.ts", line: 1 }, true],
  ["orbit:open-in-editor", { file: ["a.ts"] }, false],
  ["orbit:open-in-editor", { file: "a.ts", line: "1; rm" }, false],
] as const)("%s with %j is taken: %s", (name, data, isTaken) => {
  expect(FROM_PAGE[name](data)).toBe(isTaken);
});
