import { once } from "node:events";
import net from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { freePort } from "../runtime/ownership/support/free-port.ts";
import {
  describeBoth,
  expectNoComplaints,
  openResources,
  serveClients,
  type ClientProject,
} from "./support/client-project.ts";
import { soon } from "./support/soon.ts";
import { talk, visitOften } from "./support/ws-clients.ts";

const EDITS = 10;

const ownPort = (port: number, n: number, tail = ""): string => `
  import { WebSocketServer } from "ws";
  const sockets = new WebSocketServer({ port: ${port}, host: "127.0.0.1", maxPayload: ${1_000 + n} });
  sockets.on("connection", (socket) => socket.send("${n}"));
  export const GET = () => new Response("${n}");
  ${tail}`;

const attached = (port: number, n: number, tail = ""): string => `
  import { createServer } from "node:http";
  import { WebSocketServer } from "ws";
  const server = createServer({ keepAliveTimeout: ${5_000 + n} }, (_request, response) => response.end("${n}"));
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.send("${n}"));
  server.listen(${port}, "127.0.0.1");
  export const GET = () => new Response("${n}");
  ${tail}`;

const unattached = (port: number, n: number, tail = ""): string => `
  import { createServer } from "node:http";
  import { WebSocketServer } from "ws";
  const sockets = new WebSocketServer({ noServer: true, maxPayload: ${1_000 + n} });
  const server = createServer({ keepAliveTimeout: ${5_000 + n} });
  server.on("upgrade", (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (each) => each.send("${n}"));
  });
  server.listen(${port}, "127.0.0.1");
  export const GET = () => new Response("${n}");
  ${tail}`;

/** It listens some time after its module has been evaluated. */
const late = (port: number, n: number, tail = ""): string => `
  import { WebSocketServer } from "ws";
  const main = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const sockets = new WebSocketServer({ port: ${port}, host: "127.0.0.1", maxPayload: ${1_000 + n} });
    sockets.on("connection", (socket) => socket.send("${n}"));
    return sockets;
  };
  let sockets;
  void main().then((made) => { sockets = made; });
  export const GET = () => new Response("${n}");
  ${tail}`;

const kinds = [
  { name: "with a port of its own", text: ownPort },
  { name: "attached to a server", text: attached },
  { name: "that a server's upgrades are given to", text: unattached },
  { name: "that is opened late", text: late },
] as const;

const connecting = (port: number, n: number): string => `
  import { WebSocket } from "ws";
  const socket = new WebSocket("ws://127.0.0.1:${port}", { handshakeTimeout: ${5_000 + n} });
  socket.on("message", (text) => globalThis.orbitTestLog?.push("${n} " + text));
  export const GET = () => new Response("${n}");`;

describeBoth("ws", true, (propagation) => {
  const start = async (file: string): Promise<ClientProject> =>
    serveClients({ "pages/api/a.ts": file }, { propagation });

  test.for(kinds)("a socket server $name hands its port over: nobody is refused", async ({ text }) => {
    const port = await freePort();
    const served = await start(text(port, 0));
    await served.get("/api/a");
    await vi.waitFor(async () => expect((await talk(port)).heard).toEqual(["0"]), soon);
    const visits = visitOften(port);
    for (let n = 1; n <= EDITS; n++) {
      served.project.write("pages/api/a.ts", text(port, n));
      expect(await served.get("/api/a")).toBe(String(n));
      await vi.waitFor(async () => expect((await talk(port)).heard).toEqual([String(n)]), soon);
    }
    await visits.stop();
    expect(visits.errors).toEqual([]);
    expect(visits.greetings.length).toBeGreaterThan(EDITS);
    expect(new Set((await openResources(served)).map((line) => line.split(" ")[0]))).toEqual(
      new Set(["server", "client"]),
    );
    expectNoComplaints(served);
  });

  test.for(kinds)("connected clients of a socket server $name are asked to come back", async ({ text }) => {
    const port = await freePort();
    const served = await start(text(port, 1));
    await served.get("/api/a");
    const before = await vi.waitFor(async () => talk(port), soon);
    served.project.write("pages/api/a.ts", text(port, 2));
    await served.get("/api/a");
    expect(await before.closed).toBe(1012);
    await vi.waitFor(async () => expect((await talk(port)).heard).toEqual(["2"]), soon);
    expectNoComplaints(served);
  });

  test.for(kinds)("a broken edit leaves a socket server $name and its clients alone", async ({ text }) => {
    const port = await freePort();
    const served = await start(text(port, 1));
    await served.get("/api/a");
    const client = await vi.waitFor(async () => talk(port), soon);
    for (let n = 2; n < 5; n++) {
      served.project.write("pages/api/a.ts", text(port, n, `throw new Error("no ${n}");`));
      expect((await served.fetch("/api/a")).status).toBe(500);
      expect((await talk(port)).heard).toEqual(["1"]);
    }
    client.socket.ping();
    await once(client.socket, "pong");
    served.project.write("pages/api/a.ts", text(port, 5));
    expect(await served.get("/api/a")).toBe("5");
    expect(await client.closed).toBe(1012);
  });

  test.for(kinds)("a socket server $name ends with its route, and with the dev server", async ({ text }) => {
    const endings = [
      async ({ project, fetch }: ClientProject) => {
        project.remove("pages/api/a.ts");
        await fetch("/api/a");
      },
      async ({ server }: ClientProject) => server.close(),
    ];
    for (const end of endings) {
      const port = await freePort();
      const served = await start(text(port, 1));
      await served.get("/api/a");
      const client = await vi.waitFor(async () => talk(port), soon);
      await end(served);
      expect(await client.closed).toBe(1012);
      await vi.waitFor(async () => expect(talk(port)).rejects.toThrow("ECONNREFUSED"), soon);
    }
  });

  test("a socket that code connects is closed with it: each message is heard once, by the new code", async () => {
    globalThis.orbitTestLog = [];
    const sockets = new WebSocketServer({ port: await freePort(), host: "127.0.0.1" });
    onTestFinished(() => {
      for (const each of sockets.clients) each.terminate();
      sockets.close();
    });
    const { port } = sockets.options;
    const served = await start(connecting(port ?? 0, 1));
    await served.get("/api/a");
    await expect.poll(() => sockets.clients.size, soon).toBe(1);
    for (let n = 2; n < 6; n++) {
      served.project.write("pages/api/a.ts", connecting(port ?? 0, n));
      const connected = once(sockets, "connection");
      await served.get("/api/a");
      await connected;
      await expect.poll(() => sockets.clients.size, soon).toBe(1);
      for (const each of sockets.clients) each.send("hello");
      await vi.waitFor(() => expect(globalThis.orbitTestLog).toContain(`${n} hello`), soon);
    }
    expect(globalThis.orbitTestLog).toEqual([2, 3, 4, 5].map((n) => `${n} hello`));
    await served.server.close();
    await expect.poll(() => sockets.clients.size, soon).toBe(0);
    expectNoComplaints(served);
  });

  test("a socket that is still connecting is closed without a word", async () => {
    const silent = net.createServer().listen(0, "127.0.0.1");
    const accepted: net.Socket[] = [];
    silent.on("connection", (socket) => accepted.push(socket.resume()));
    await once(silent, "listening");
    onTestFinished(() => {
      for (const socket of accepted) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as net.AddressInfo;
    const served = await start(connecting(port, 1));
    await served.get("/api/a");
    await vi.waitFor(() => expect(accepted).toHaveLength(1), soon);
    served.project.write("pages/api/a.ts", `export const GET = () => new Response("2");`);
    expect(await served.get("/api/a")).toBe("2");
    await vi.waitFor(() => expect(accepted[0]).toMatchObject({ readableEnded: true }), soon);
    await vi.waitFor(() => expect(served.reports).toMatchObject([{ event: "reload" }]), soon);
    expectNoComplaints(served);
  });
});
