import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { OrbitError } from "../protocol/orbit-error.ts";
import { askServer, type ServerAnswer, type ServerQuestion } from "../instances/ask-server.ts";
import { findLivingServers } from "../instances/liveness.ts";
import { blockOf } from "../instances/server-files.ts";
import type { BlockedServer, ServerAddress, ServerRecord } from "../instances/server-record.ts";
import { isFolder } from "../disk/file-kind.ts";

/** A server that can be asked. */
export type AskableRecord = ServerRecord & { readonly address: ServerAddress };

/** What came of asking the server of a project. */
export type ServerReply =
  | {
      readonly kind: "answered";
      readonly record: AskableRecord;
      /** From JSON. */
      readonly document: unknown;
    }
  | (BlockedReply & { readonly kind: "blocked" });

/** Code of the project keeps its server from answering. */
export interface BlockedReply {
  readonly record: AskableRecord;
  readonly block: BlockedServer;
}

/** What is done about a server that is blocked. */
export interface BlockPatience {
  /** How long its code may go on: it may come to an end. */
  readonly ms: number;
  /** It is waited for. */
  readonly onWait?: (blocked: BlockedReply) => void;
}

interface AskableServer {
  readonly path: string;
  readonly record: AskableRecord;
}

/** A server that is starting, or starting anew for a changed config, listens within this time. */
const START_MS = 5000;
const LOOK_AGAIN_MS = 50;
/** Whoever is not blocked has answered before. */
const LOOK_FOR_BLOCK_MS = 250;

/**
 * Ask the server of the project in a folder for a JSON document; of several, the one that started first.
 *
 * @throws {OrbitError} `NOT_FOUND` without such a folder, `NO_SERVER` when none runs, `NO_ANSWER` when it does not
 * answer in time and nobody knows why, or with an error.
 */
export async function askRunningServer(
  dir: string,
  question: ServerQuestion,
  patience: BlockPatience,
): Promise<ServerReply> {
  const root = projectFolder(dir);
  const deadline = performance.now() + START_MS;
  for (;;) {
    const server = await findServer(root, deadline);
    const { record } = server;
    const answer = await askUnlessBlocked(server, question, patience);
    if (answer.kind === "answered" && answer.id === record.id) {
      const document = readDocument(answer.text, answer.status, record.address);
      return { kind: "answered", record, document };
    }
    if (answer.kind === "silent") {
      const block = blockOf(server.path, record.id);
      if (block !== undefined) return { kind: "blocked", record, block };
      const reason = `has not answered within ${question.timeoutMs} ms`;
      throw new OrbitError(
        "NO_ANSWER",
        `The server at ${record.address.url} (process ${record.pid}) ${reason}.`,
      );
    }
    // It ended, or closed its port to open it anew: the next look tells.
  }
}

/** A server that is blocked cannot say so: its other thread leaves a file meanwhile. */
async function askUnlessBlocked(
  { path, record }: AskableServer,
  question: ServerQuestion,
  { ms, onWait }: BlockPatience,
): Promise<ServerAnswer> {
  const asking = new AbortController();
  let isTold = false;
  const looking = setInterval(() => {
    const block = blockOf(path, record.id);
    if (block === undefined) return;
    if (Date.now() - block.since > ms) asking.abort();
    else if (!isTold) onWait?.({ record, block });
    isTold = true;
  }, LOOK_FOR_BLOCK_MS);
  try {
    return await askServer(record.address, { ...question, signal: asking.signal });
  } finally {
    clearInterval(looking);
  }
}

async function findServer(root: string, deadline: number): Promise<AskableServer> {
  for (;;) {
    const servers = await findLivingServers(root);
    for (const { path, record } of servers) if (canBeAsked(record)) return { path, record };
    const [silent] = servers;
    if (silent === undefined) {
      const advice = "Start one: orbiton dev";
      throw new OrbitError("NO_SERVER", `No server of the project in ${root} is running. ${advice}`);
    }
    if (performance.now() > deadline) throw new OrbitError("NO_SERVER", explainSilence(silent.record));
    await pause(LOOK_AGAIN_MS);
  }
}

/**
 * The folder of a project as servers know it.
 *
 * @throws {OrbitError} `NOT_FOUND` without such a folder.
 */
export function projectFolder(dir: string): string {
  const root = resolve(dir);
  if (isFolder(root)) return realpathSync(root);
  throw new OrbitError("NOT_FOUND", `There is no folder ${root}.`);
}

function canBeAsked(record: ServerRecord): record is AskableRecord {
  return record.address !== undefined;
}

function explainSilence({ pid }: ServerRecord): string {
  return `The server of this project (process ${pid}) is part of another program, which does not say where it listens.`;
}

function readDocument(text: string, status: number, { url }: ServerAddress): unknown {
  const document = parse(text);
  if (status === 200 && document !== undefined) return document;
  const reason =
    typeof document === "object" && document !== null && "error" in document ? document.error : text;
  throw new OrbitError(
    "NO_ANSWER",
    `The server at ${url} answered ${status}: ${String(reason).slice(0, 200)}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // said with the text itself
  }
}
