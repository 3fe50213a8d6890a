import { execFile, execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { supervise } from "./supervise.js";

const run = promisify(execFile);

/**
 * Start a PostgreSQL with data of its own in a temporary folder. It listens on a socket there: a port could be taken
 * by somebody else between being found free and being used.
 *
 * @param {string} bin The folder of its programs.
 */
export async function startPostgres(bin) {
  const folder = mkdtempSync(join(tmpdir(), "orbit-postgres-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const user = nobodyForRoot();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: "C" } };
  try {
    const files = join(folder, "data");
    await run(
      join(bin, "initdb"),
      ["-D", files, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"],
      options,
    );
    const settings = ["fsync=off", "full_page_writes=off", "listen_addresses=", "shared_buffers=16MB"];
    const args = settings.flatMap((setting) => ["-c", setting]);
    const end = await supervise([join(bin, "postgres"), "-D", files, "-k", folder, ...args], options);
    return {
      connection: { host: folder, user: "postgres", database: "postgres" },
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

/** PostgreSQL refuses to run as root. */
function nobodyForRoot() {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ["-u", "-g"].map((which) => Number(execFileSync("id", [which, "nobody"])));
  return { uid, gid };
}
