import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { OrbitError } from "../protocol/orbit-error.ts";
import { askServer, type ServerQuestion } from "../vite/presence/ask-server.ts";
import { findLivingServers } from "../vite/presence/liveness.ts";
import type { ServerAddress, ServerRecord } from "../vite/presence/server-record.ts";

/** A running server of a project that can be asked. */
export interface RunningServer {
  readonly record: ServerRecord & { readonly address: ServerAddress };
  /** Ask for a JSON document. */
  ask(question: ServerQuestion): Promise<unknown>;
}

/** A server that is starting, or starting anew, listens within this time. */
const START_MS = 5000;
const LOOK_AGAIN_MS = 50;

/**
 * Find the server of the project in a folder; of several, the one that started first.
 *
 * @throws {OrbitError} `NOT_FOUND` without such a folder, `NO_SERVER` when none runs.
 */
export async function findRunningServer(dir: string): Promise<RunningServer> {
  const root = projectFolder(dir);
  const deadline = performance.now() + START_MS;
  for (;;) {
    const servers = await findLivingServers(root);
    for (const { record } of servers) if (canBeAsked(record)) return runningServer(record);
    const [silent] = servers;
    if (silent === undefined)
      throw new OrbitError(
        "NO_SERVER",
        `No server of the project in ${root} is running. Start one: orbiton dev`,
      );
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
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() === true) return realpathSync(root);
  throw new OrbitError("NOT_FOUND", `There is no folder ${root}.`);
}

function canBeAsked(record: ServerRecord): record is RunningServer["record"] {
  return record.address !== undefined;
}

function explainSilence({ pid }: ServerRecord): string {
  return `The server of this project (process ${pid}) is part of another program, which does not say where it listens.`;
}

function runningServer(record: RunningServer["record"]): RunningServer {
  return {
    record,
    async ask(question) {
      const { address, id, pid } = record;
      const answer = await askServer(address, question);
      if (answer.kind === "silent") {
        const reason = `has not answered within ${question.timeoutMs} ms`;
        throw new OrbitError("NO_ANSWER", `The server at ${address.url} (process ${pid}) ${reason}.`);
      }
      if (answer.kind === "refused" || answer.id !== id)
        throw new OrbitError("NO_SERVER", `The server at ${address.url} (process ${pid}) has just ended.`);
      return readDocument(answer.text, answer.status, address);
    },
  };
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
