import { uptime } from "node:os";
import { STATUS_PATH } from "../protocol/status.ts";
import { askServer } from "./ask-server.ts";
import { listServerFiles, removeServerFile } from "./server-files.ts";
import type { ServerFile } from "./server-files.ts";
import type { ServerRecord } from "./server-record.ts";

/** A server that runs. */
export interface LivingServer {
  readonly place: number;
  /** Its file: what else is known of it stands beside that. */
  readonly path: string;
  readonly record: ServerRecord;
}

/** A healthy server answers in a few milliseconds; one that is busy or stopped is alive all the same. */
const PROBE_MS = 1000;

/** The servers of a project that run, the first one first. What dead ones have left behind is removed. */
export async function findLivingServers(root: string): Promise<LivingServer[]> {
  const servers = await Promise.all(
    listServerFiles(root).map(async ({ path, place, record }: ServerFile) => {
      if (record !== undefined && (await isAlive(record))) return [{ place, path, record }];
      removeServerFile(path, record?.id);
      return [];
    }),
  );
  return servers.flat();
}

/** A process id alone proves nothing: it may be another program's by now. Who answers says who it is. */
async function isAlive(record: ServerRecord): Promise<boolean> {
  if (record.address === undefined) return isOwnerAlive(record);
  const answer = await askServer(record.address, { method: "HEAD", path: STATUS_PATH, timeoutMs: PROBE_MS });
  if (answer.kind === "answered") return answer.id === record.id;
  return answer.kind === "silent" && isOwnerAlive(record);
}

function isOwnerAlive({ pid, startedAt }: ServerRecord): boolean {
  // Containers give the same few process ids again and again.
  if (pid === process.pid) return false;
  const bootedAt = Date.now() - uptime() * 1000;
  return startedAt >= bootedAt && isProcessAlive(pid);
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
