import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { OrbitError } from "../protocol/orbit-error.ts";
import { askServer, type ServerQuestion } from "../instances/ask-server.ts";
import { findLivingServers } from "../instances/liveness.ts";
import type { ServerAddress, ServerRecord } from "../instances/server-record.ts";
import { isFolder } from "../disk/file-kind.ts";

/** A server that can be asked. */
export type AskableRecord = ServerRecord & { readonly address: ServerAddress };

/** What the server of a project has answered. */
export interface ServerDocument {
  readonly record: AskableRecord;
  /** From JSON. */
  readonly document: unknown;
}

/** A server that is starting, or starting anew for a changed config, listens within this time. */
const START_MS = 5000;
const LOOK_AGAIN_MS = 50;

/**
 * Ask the server of the project in a folder for a JSON document; of several, the one that started first.
 *
 * @throws {OrbitError} `NOT_FOUND` without such a folder, `NO_SERVER` when none runs, `NO_ANSWER` when it does not
 * answer in time, or with an error.
 */
export async function askRunningServer(dir: string, question: ServerQuestion): Promise<ServerDocument> {
  const root = projectFolder(dir);
  const deadline = performance.now() + START_MS;
  for (;;) {
    const record = await findServer(root, deadline);
    const answer = await askServer(record.address, question);
    if (answer.kind === "answered" && answer.id === record.id)
      return { record, document: readDocument(answer.text, answer.status, record.address) };
    if (answer.kind === "silent") {
      const reason = `has not answered within ${question.timeoutMs} ms`;
      throw new OrbitError(
        "NO_ANSWER",
        `The server at ${record.address.url} (process ${record.pid}) ${reason}.`,
      );
    }
    // It ended, or closed its port to open it anew: the next look tells.
  }
}

async function findServer(root: string, deadline: number): Promise<AskableRecord> {
  for (;;) {
    const servers = await findLivingServers(root);
    for (const { record } of servers) if (canBeAsked(record)) return record;
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
