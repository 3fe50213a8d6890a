import type { IncomingMessage } from "node:http";
import type { HotPayload, ViteDevServer } from "vite";
import type { Frame, PageChannel, PageConnection } from "../browser/page-channel.ts";
import { FROM_PAGE } from "../protocol/page-wire.ts";
import type { FromPageName } from "../protocol/page-wire.ts";

type PagesSocketServer = ViteDevServer["ws"];
type Client = PagesSocketServer["clients"] extends Set<infer Each> ? Each : never;

/**
 * Let what a server's websocket sends and hears go through the channel of its project. What Vite and plugins send to all is
 * told as `framesFor` says, one after another. Returns what sends a numbered frame to the pages of this server, and the undo.
 */
export function connectSockets(
  { ws, id }: { readonly ws: PagesSocketServer; readonly id: string },
  channel: PageChannel,
  framesFor: (payload: HotPayload) => readonly Frame[],
): { readonly broadcast: (frame: Frame) => void; readonly undo: () => void } {
  const requests = new WeakMap<object, IncomingMessage>();
  const noteRequest = (socket: object, request: IncomingMessage): void => void requests.set(socket, request);
  ws.on("connection", noteRequest);
  const connections = new WeakMap<Client, PageConnection>();
  const connectionOf = (client: Client): PageConnection => {
    const known = connections.get(client);
    if (known !== undefined) return known;
    const connection = asConnection(client, id, requests.get(client.socket));
    connections.set(client, connection);
    return connection;
  };
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was
  const send = ws.send;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- frames have the shape of payloads, and a number
  const sendAll: (payload: HotPayload) => void = send;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- frames have the shape of payloads, and a number
  const broadcast = (frame: Frame): void => sendAll.call(ws, frame as HotPayload);
  ws.send = (...args: readonly [HotPayload | string, unknown?]) => {
    const [payload, data] = args;
    const sent: HotPayload = typeof payload === "string" ? { type: "custom", event: payload, data } : payload;
    for (const frame of framesFor(sent)) broadcast(channel.number(frame));
  };
  const leave = (_data: unknown, client: Client): void => channel.leave(connectionOf(client));
  ws.on("vite:client:disconnect", leave);
  const ends = NAMES.map((name) => {
    // What it has is checked before Vite hears of it.
    const hear = (data: unknown, client: Client): void =>
      channel.receive(name, data ?? {}, connectionOf(client));
    ws.on(name, hear);
    return () => ws.off(name, hear);
  });
  const undo = (): void => {
    ws.send = send;
    ws.off("connection", noteRequest);
    ws.off("vite:client:disconnect", leave);
    for (const end of ends) end();
    for (const client of ws.clients) channel.leave(connectionOf(client));
  };
  return { broadcast, undo };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its keys
const NAMES = Object.keys(FROM_PAGE) as FromPageName[];

function asConnection(client: Client, server: string, request: IncomingMessage | undefined): PageConnection {
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- frames have the shape of payloads
    send: (frame) => client.send(frame as HotPayload),
    server,
    isLocal: request !== undefined && isLocal(request),
  };
}

/** What comes through a tunnel or a proxy arrives from this computer as well, and has another host or says so. */
function isLocal({ headers, socket: { remoteAddress = "" } }: IncomingMessage): boolean {
  const isForwarded = Object.keys(headers).some(
    (name) => name.startsWith("x-forwarded-") || name === "forwarded",
  );
  const host = URL.canParse(`http://${headers.host}`) ? new URL(`http://${headers.host}`).hostname : "";
  return !isForwarded && isLoopback(remoteAddress) && (isLoopback(host) || /(?:^|\.)localhost$/.test(host));
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.|^\[?::1\]?$/.test(address);
}
