import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer, type ViteDevServer } from "vite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { guardWebSocket } from "../../src/vite/websocket-guard.ts";

type Guarded = { server: ViteDevServer; port: number; lines: string[]; undo: () => void };

async function startGuarded(): Promise<Guarded> {
  const lines: string[] = [];
  const server = await createServer({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "silent",
    server: { port: 0, host: "127.0.0.1", watch: null, forwardConsole: true },
  });
  onTestFinished(() => server.close());
  const undo = guardWebSocket(server.ws, (line) => lines.push(line));
  server.ws.on("test:ping", (data, client) => client.send("test:pong", data));
  server.ws.on("test:broken", () => {
    throw new Error("a plugin's own mistake");
  });
  await server.listen();
  const { port } = (server.httpServer?.address() ?? {}) as AddressInfo;
  return { server, port, lines, undo };
}

/** As little of a websocket client as the tests need: one handshake, one masked text frame at a time. */
async function open(
  port: number,
  protocol = "vite-hmr",
): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  socket.on("data", (chunk) => (received += chunk.toString("latin1")));
  socket.write(
    [
      "GET / HTTP/1.1",
      `Host: localhost:${port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Protocol: ${protocol}`,
      "\r\n",
    ].join("\r\n"),
  );
  await once(socket, "data");
  return { socket, received: () => received };
}

function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const { length: size } = payload;
  const wide = Buffer.alloc(9);
  wide[0] = 127 | 0x80;
  wide.writeBigUInt64BE(BigInt(size), 1);
  const short = size < 126 ? [size | 0x80] : [126 | 0x80, size >> 8, size];
  const length = size < 65_536 ? short : [...wide];
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x81, ...length]), mask, masked]);
}

const custom = (event: unknown, data?: unknown): string => JSON.stringify({ type: "custom", event, data });

describe("a frame that would end a stock server is dropped", () => {
  test.for([
    custom("vite:invalidate", null),
    custom("vite:invalidate"),
    custom("vite:invalidate", {}),
    custom("vite:invalidate", { path: 1 }),
    custom("vite:invoke", null),
    custom("vite:invoke", {}),
    custom("vite:invoke", { id: 1, name: "fetchModule", data: [] }),
    custom("vite:forward-console", null),
    custom("vite:forward-console", { type: "error" }),
    custom({ toString: 1 }, {}),
    custom("test:broken", 1),
  ])("%s", async (hostile) => {
    const { port, lines } = await startGuarded();
    const { socket, received } = await open(port);
    socket.write(frame(hostile));
    socket.write(frame(custom("test:ping", "still here")));
    await vi.waitFor(() => expect(received()).toContain('"data":"still here"'));
    expect(lines).toHaveLength(1);
  });
});

describe("a frame that Vite ignores or answers passes untouched", () => {
  test.for(["{}", "null", "[]", "no json", custom("vite:invalidate", { path: "/nowhere.js" })])(
    "%s",
    async (frameText) => {
      const { port, lines } = await startGuarded();
      const { socket, received } = await open(port);
      socket.write(frame(frameText));
      socket.write(frame(custom("vite:invoke", { id: "send:1", name: "getBuiltins", data: [] })));
      await vi.waitFor(() => expect(received()).toContain('"id":"response:1"'));
      expect(lines).toEqual([]);
    },
  );
});

test("a broken ping socket does not end the server", async () => {
  const { port, lines } = await startGuarded();
  const { socket } = await open(port, "vite-ping");
  socket.write(Buffer.from([0xff, 0xff, 1, 2, 3, 4]));
  await vi.waitFor(() => expect(lines).toEqual([expect.stringContaining("closed with an error")]));
});

test("each kind of bad frame is reported once", async () => {
  const { port, lines } = await startGuarded();
  const { socket, received } = await open(port);
  for (let count = 0; count < 5; count++) socket.write(frame(custom("vite:invalidate", { nth: count })));
  socket.write(frame(custom("vite:invoke")));
  socket.write(frame(custom("test:ping", "done")));
  await vi.waitFor(() => expect(received()).toContain('"data":"done"'));
  expect(lines).toEqual([
    'Dropped a websocket frame: "vite:invalidate" came without what it needs.',
    'Dropped a websocket frame: "vite:invoke" came without what it needs.',
  ]);
});

describe("what a page cannot have said is dropped", () => {
  test.for([
    custom("orbit:register", { tab: 1, url: "/", isVisible: true }),
    custom("orbit:register"),
    custom("orbit:register", { tab: "a", url: "/", isVisible: true, loaded: [{}] }),
    custom("orbit:shown", { isVisible: "yes" }),
    custom("orbit:no-such-message", {}),
    custom("orbit:toString", {}),
    custom("orbit:clear-caches", { text: "x".repeat(4_000_000) }),
  ])("%s", async (hostile) => {
    const { server, port, lines } = await startGuarded();
    const heard: unknown[] = [];
    for (const name of ["orbit:register", "orbit:shown", "orbit:clear-caches"])
      server.ws.on(name, (data) => heard.push(data));
    const { socket, received } = await open(port);
    socket.write(frame(hostile));
    socket.write(frame(custom("test:ping", "still here")));
    await vi.waitFor(() => expect(received()).toContain('"data":"still here"'));
    expect(heard).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(/^Dropped a websocket frame: /)]);
  });
});

test("of more frames of a page than can be meant the rest is dropped, and that is said once", async () => {
  const { server, port, lines } = await startGuarded();
  let heard = 0;
  server.ws.on("orbit:shown", () => heard++);
  const { socket, received } = await open(port);
  socket.write(
    Buffer.concat(Array.from({ length: 2_000 }, () => frame(custom("orbit:shown", { isVisible: true })))),
  );
  socket.write(frame(custom("test:ping", "done")));
  await vi.waitFor(() => expect(received()).toContain('"data":"done"'));
  expect(heard).toBeLessThan(1_000);
  expect(lines).toEqual(["Dropped a websocket frame: a page sends more than 300 in a second."]);
});

test("an undone guard looks at no new connection", async () => {
  const { port, lines, undo } = await startGuarded();
  undo();
  const { socket, received } = await open(port);
  socket.write(frame(custom({ not: "a name" })));
  socket.write(frame(custom("test:ping", "done")));
  await vi.waitFor(() => expect(received()).toContain('"data":"done"'));
  expect(lines).toEqual([]);
});
