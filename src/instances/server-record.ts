import { isIP } from "node:net";

/** What a running server tells the other programs of its user. It holds no secret. */
export interface ServerRecord {
  /** Unlike a process id it is never given twice: by it, a server that answers is known again. */
  readonly id: string;
  readonly pid: number;
  /** The project's folder. */
  readonly root: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Absent before the server listens, and in servers that leave listening to another program. */
  readonly address?: ServerAddress | undefined;
}

/** Where a server listens. */
export interface ServerAddress {
  /** As users see it, with Vite's base: `http://localhost:5173/`. */
  readonly url: string;
  /** The IP address of this machine by which programs reach it, whatever names resolve to. */
  readonly host: string;
  readonly port: number;
}

/** What keeps a server busy, so that it answers nobody. It stands beside the server's record. */
export interface BlockedServer {
  /** Where its code is: `pages/api/report.ts:12`. */
  readonly place: string;
  /** Which route runs it. Absent for timers and modules that load. */
  readonly route?: string | undefined;
  /** Epoch milliseconds. */
  readonly since: number;
  /** Somebody else can start it anew. */
  readonly isSupervised: boolean;
}

/** Reads what was written of the server with this id, and nothing of one before it. */
export function readBlock(text: string, id: string): BlockedServer | undefined {
  const { place, route, since, isSupervised, ...rest } = asObject(parse(text));
  if (rest["id"] !== id || typeof place !== "string" || typeof since !== "number") return undefined;
  return {
    place,
    route: typeof route === "string" ? route : undefined,
    since,
    isSupervised: isSupervised === true,
  };
}

/** Reads what a server has written. Anybody could have put the file there: `undefined` where it has a wrong form. */
export function readRecord(text: string): ServerRecord | undefined {
  const { id, pid, root, startedAt, address } = asObject(parse(text));
  if (typeof id !== "string" || !isCount(pid) || typeof root !== "string") return undefined;
  if (typeof startedAt !== "number") return undefined;
  return { id, pid, root, startedAt, address: readAddress(address) };
}

function readAddress(value: unknown): ServerAddress | undefined {
  const { url, host, port } = asObject(value);
  if (typeof url !== "string" || !URL.canParse(url) || !/^https?:/.test(url)) return undefined;
  if (typeof host !== "string" || isIP(host) === 0 || !isCount(port) || port > 65_535) return undefined;
  // Spelled anew, so that nothing in it can drive a terminal.
  return { url: new URL(url).href, host, port };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is one way not to be ours.
    return undefined;
  }
}
