import type { HotPayload, ViteDevServer } from "vite";
import type { Frame, PageChannel, PageConnection } from "../browser/page-channel.ts";
import { FROM_PAGE } from "../protocol/page-wire.ts";
import type { FromPageName } from "../protocol/page-wire.ts";

type PagesSocketServer = ViteDevServer["ws"];
type Client = PagesSocketServer["clients"] extends Set<infer Each> ? Each : never;

/**
 * Let what a server's websocket sends and hears go through the channel of its project. What Vite and plugins send to all is
 * told as `framesFor` says, one after another. Returns the undo.
 */
export function connectSockets(
  ws: PagesSocketServer,
  channel: PageChannel,
  framesFor: (payload: HotPayload) => readonly Frame[],
): { readonly broadcast: (frame: Frame) => void; readonly undo: () => void } {
  const connections = new WeakMap<Client, PageConnection>();
  const connectionOf = (client: Client): PageConnection => {
    const known = connections.get(client);
    if (known !== undefined) return known;
    const connection = asConnection(client);
    connections.set(client, connection);
    return connection;
  };
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was
  const send = ws.send;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- frames have the shape of payloads, and a number
  const sendAll: (payload: HotPayload) => void = send;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- frames have the shape of payloads, and a number
  const broadcast = (frame: Frame): void => sendAll.call(ws, channel.number(frame) as HotPayload);
  ws.send = (...args: readonly [HotPayload | string, unknown?]) => {
    const [payload, data] = args;
    const sent: HotPayload = typeof payload === "string" ? { type: "custom", event: payload, data } : payload;
    for (const frame of framesFor(sent)) broadcast(frame);
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
    ws.off("vite:client:disconnect", leave);
    for (const end of ends) end();
    for (const client of ws.clients) channel.leave(connectionOf(client));
  };
  return { broadcast, undo };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its keys
const NAMES = Object.keys(FROM_PAGE) as FromPageName[];

function asConnection(client: Client): PageConnection {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Vite's sockets are of `ws`, whose types leave it out
  const { remoteAddress = "" } = (Reflect.get(client.socket, "_socket") ?? {}) as { remoteAddress?: string };
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- frames have the shape of payloads
    send: (frame) => client.send(frame as HotPayload),
    isLocal: /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress),
  };
}
