import { blockedLoopText } from "../protocol/blocked-loop.ts";
import type { BlockedReply } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";
import { onOneLine } from "./words.ts";

/** What people are told about a server that code of the project keeps from answering. */
export function blockedText(blocked: BlockedReply): string {
  const { url, pid, help, ...loop } = describe(blocked);
  return onOneLine(
    `The server at ${url} (process ${pid}) does not answer. ${blockedLoopText({ ...loop, isOver: false }, help)}`,
  );
}

/** The answer of a command whose question the server cannot answer. */
export function showBlocked(blocked: BlockedReply, json: boolean, terminal: Terminal): "blocked" {
  if (json) terminal.document({ blocked: describe(blocked) });
  else terminal.failed({ message: blockedText(blocked) });
  return "blocked";
}

/** The same for programs: some can do something about it. */
interface BlockedFacts {
  readonly place: string;
  readonly route?: string | undefined;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly ms: number;
  readonly url: string;
  readonly pid: number;
  readonly help: string;
}

function describe({ record, block }: BlockedReply): BlockedFacts {
  const { place, route, since, isSupervised } = block;
  return {
    place,
    route,
    since,
    ms: Math.max(0, Date.now() - since),
    url: record.address.url,
    pid: record.pid,
    help: isSupervised
      ? "Press R in its terminal, or end it and start it again: state is kept."
      : "End it and start it again: state is kept.",
  };
}
