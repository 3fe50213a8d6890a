import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { supervise } from "./supervise.js";

/**
 * Start a Redis that keeps nothing. It listens on a socket in a temporary folder, like our PostgreSQL.
 *
 * @param {string} program
 */
export async function startRedis(program) {
  const folder = mkdtempSync(join(tmpdir(), "orbit-redis-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const path = join(folder, "redis.sock");
  try {
    const args = ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", folder];
    const end = await supervise([program, ...args]);
    return {
      path,
      stop: async () => {
        await end();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
