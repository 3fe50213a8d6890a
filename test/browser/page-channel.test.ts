import { expect, onTestFinished, test, vi } from "vitest";
import { PageChannel } from "../../src/browser/page-channel.ts";
import type { Frame, PageConnection, PagesServer } from "../../src/browser/page-channel.ts";
import { lastMessage } from "../../src/protocol/counters.ts";
import type { Hello, Registration } from "../../src/protocol/page-wire.ts";

function createChannel(adopt: PagesServer["adopt"] = async () => undefined): PageChannel {
  const channel = new PageChannel();
  channel.serveBy({
    id: "server",
    begunAt: Date.now(),
    broadcast: () => undefined,
    version: () => 7,
    errors: () => [],
    buildStatus: () => undefined,
    ahead: () => [],
    adopt,
    tellSaves: async () => undefined,
  });
  return channel;
}

/** What the server answers a page that is there. */
async function register(channel: PageChannel, page: Partial<Registration>): Promise<Hello> {
  return new Promise((resolve) => {
    const connection: PageConnection = {
      isLocal: true,
      server: "server",
      send: ({ event, data }: Frame) => event === "orbit:hello" && resolve(data as Hello),
    };
    channel.receive("orbit:register", { tab: "a", url: "/", isVisible: true, ...page }, connection);
  });
}

const update = (path: string): Frame => ({ type: "update", data: path });

test("a page gets what it has not heard, in its order, and nothing else", async () => {
  const channel = createChannel();
  const { build, seq } = lastMessage();
  for (const path of ["a", "b", "c"]) channel.number(update(path));
  expect((await register(channel, { build, seq: seq + 1 })).missed).toMatchObject([
    { data: "b", seq: seq + 2 },
    { data: "c", seq: seq + 3 },
  ]);
  const hello = await register(channel, { build, seq: seq + 3 });
  expect(hello).toMatchObject({ missed: [], build, seq: seq + 3, version: 7, server: "server" });
  expect(hello.reload).toBeUndefined();
});

test("a page of another build has missed nothing that could be told", async () => {
  const channel = createChannel();
  channel.number(update("a"));
  const hello = await register(channel, { build: "another", seq: 0 });
  expect(hello.missed).toEqual([]);
  expect(hello.reload).toBeUndefined();
});

test("a page that was away for longer than messages are kept is loaded again", async () => {
  const channel = createChannel();
  const { build, seq } = lastMessage();
  for (let count = 0; count < 600; count++) channel.number(update(String(count)));
  expect(await register(channel, { build, seq })).toMatchObject({
    missed: [],
    reload: "It was away for too long.",
  });
  expect((await register(channel, { build, seq: seq + 300 })).missed).toHaveLength(300);
});

test("messages that are large are kept for a shorter time", async () => {
  const channel = createChannel();
  const { build, seq } = lastMessage();
  for (let count = 0; count < 5; count++) channel.number(update("x".repeat(900_000)));
  expect((await register(channel, { build, seq: seq + 3 })).missed).toHaveLength(2);
  expect((await register(channel, { build, seq: seq + 1 })).reload).toBeDefined();
});

test("what is told while a server gets to know a page is part of its answer", async () => {
  let known: ((reason: string | undefined) => void) | undefined;
  const channel = createChannel(async () => new Promise((resolve) => (known = resolve)));
  const { build, seq } = lastMessage();
  const answer = register(channel, { build, seq, server: "the one before" });
  channel.number(update("meanwhile"));
  known?.(undefined);
  expect((await answer).missed).toMatchObject([{ data: "meanwhile" }]);
});

test("a document that has just been loaded has missed nothing that was told long before, however old its HTML is", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const channel = createChannel(async () => "It is made otherwise now.");
  const { build, seq } = lastMessage();
  for (let count = 0; count < 600; count++) channel.number(update(String(count)));
  vi.setSystemTime(Date.now() + 60_000);
  channel.number(update("meanwhile"));
  const page = { build, seq, server: "the one that made its HTML" };
  const hello = await register(channel, { ...page, age: 100 });
  expect(hello).toMatchObject({ missed: [{ data: "meanwhile" }] });
  expect(hello.reload).toBeUndefined();
  expect((await register(channel, { ...page, age: 120_000 })).reload).toBe("It is made otherwise now.");
});
