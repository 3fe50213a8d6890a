import type { ViteDevServer } from "vite";
import { canComeFromPage } from "../protocol/page-wire.ts";
import { News } from "../report/news.ts";

/** A hostile client must not fill the log. */
const MAX_LINES = 50;

type SocketServer = ViteDevServer["ws"];
type RawSocket = Parameters<SocketServer["clients"]["add"]>[0]["socket"];
type FrameListener = (raw: unknown, isBinary: boolean) => void;

/**
 * Keep frames that Vite's own listeners cannot take away from them: one `vite:invalidate` without a path ends a
 * stock dev server. Good frames pass untouched. Each kind of bad frame is reported once. Returns the undo.
 */
export function guardWebSocket(ws: SocketServer, report: (line: string) => void): () => void {
  const news = new News(MAX_LINES);
  const reportOnce = (line: string): void => {
    if (news.isNews(line)) report(line);
  };
  const onConnection = (socket: RawSocket): void => guardSocket(socket, reportOnce);
  // Vite announces its ping sockets to nobody and lets their errors end the process. The handshake's header event is
  // the only sign of them; the socket is listed right after it, and its first bytes are read a tick later.
  const onHandshake = (): void => process.nextTick(catchErrors, ws, reportOnce);
  ws.on("connection", onConnection);
  ws.on("headers", onHandshake);
  return () => {
    ws.off("connection", onConnection);
    ws.off("headers", onHandshake);
  };
}

/** Vite's listener is already there, as it registered first: put a check in front of it. */
function guardSocket(socket: RawSocket, report: (line: string) => void): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an emitter does not know its listeners' types
  const listeners = socket.listeners("message") as FrameListener[];
  const findExcess = limitFrames();
  socket.removeAllListeners("message");
  socket.on("message", (raw: unknown, isBinary: boolean) => {
    const problem = findProblem(String(raw), findExcess);
    if (problem !== undefined) return report(`Dropped a websocket frame: ${problem}.`);
    for (const listener of listeners) {
      try {
        listener.call(socket, raw, isBinary);
      } catch (error) {
        // Thrown on, it would be an uncaught exception: whoever may connect could end the server.
        report(`A websocket listener failed: ${error instanceof Error ? error.message : String(error)}.`);
      }
    }
  });
}

function catchErrors(ws: SocketServer, report: (line: string) => void): void {
  for (const { socket } of ws.clients) {
    if (socket.listenerCount("error") > 0) continue;
    socket.on("error", (error: Error) => report(`A websocket closed with an error: ${error.message}.`));
  }
}

/** What is wrong with a frame, or `undefined` when Vite's listeners can take it. */
function findProblem(text: string, findExcess: (size: number) => string | undefined): string | undefined {
  const frame = parseJson(text);
  if (!isRecord(frame) || frame["type"] !== "custom") return undefined; // Vite ignores it
  const { event, data } = frame;
  if (typeof event !== "string") return "its event has no name";
  const excess = event.startsWith("orbit:") ? findExcess(text.length) : undefined;
  if (excess !== undefined) return excess;
  const isAcceptable = frameRules.get(event) ?? ruleOfPages(event);
  return isAcceptable === undefined || isAcceptable(data)
    ? undefined
    : `"${event}" came without what it needs`;
}

/** What Vite's listeners read without looking. Other events belong to plugins, which may send anything. */
const frameRules: ReadonlyMap<string, (data: unknown) => boolean> = new Map([
  ["vite:invalidate", (data: unknown) => isRecord(data) && typeof data["path"] === "string"],
  ["vite:invoke", (data: unknown) => isRecord(data) && typeof data["id"] === "string"],
  ["vite:forward-console", (data: unknown) => isRecord(data) && isRecord(data["data"])],
  ["vite:client-connected", isRecord],
  ["vite:bundled-dev:payload-delivered", isRecord],
  ["vite:bundled-dev:reload-needed", isRecord],
]);

/** What pages of ours say: nothing else begins like that. */
function ruleOfPages(event: string): ((data: unknown) => boolean) | undefined {
  return event.startsWith("orbit:") ? (data) => canComeFromPage(event, data ?? {}) : undefined;
}

/** The longest frame of a page, in characters: it may say what it has loaded. */
const MAX_SIZE = 4_000_000;
/** So many frames of one page are read in a second. */
const MAX_FRAMES = 300;

/** Looks for frames that are too large, or too many of one socket. */
function limitFrames(): (size: number) => string | undefined {
  let begun = 0;
  let count = 0;
  return (size) => {
    const now = performance.now();
    if (now - begun > 1_000) [begun, count] = [now, 0];
    count++;
    if (size > MAX_SIZE) return `a page has sent more than ${MAX_SIZE} characters at once`;
    return count > MAX_FRAMES ? `a page sends more than ${MAX_FRAMES} in a second` : undefined;
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: Vite ignores it as well
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
