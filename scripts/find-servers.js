import { dirname, join } from "node:path";
import { isExecutable, newestIn, usualPlaces } from "./find-executable.js";

/**
 * Where PostgreSQL's programs are: the folder `POSTGRES_BIN`, then the `PATH`, then where packages put them.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} A folder with `initdb` and `postgres` in it.
 */
export function findPostgres(env = process.env) {
  if (env.POSTGRES_BIN) return env.POSTGRES_BIN;
  return usualPlaces(["initdb"], postgresFolders(), env)
    .map((path) => dirname(path))
    .find((folder) => ["initdb", "postgres"].every((name) => isExecutable(join(folder, name))));
}

/**
 * Where redis-server is: `REDIS_SERVER`, then the `PATH`, then where packages put it.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} The path of an executable.
 */
export function findRedis(env = process.env) {
  if (env.REDIS_SERVER) return env.REDIS_SERVER;
  const folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
  return usualPlaces(["redis-server", "valkey-server"], folders, env).find(isExecutable);
}

/** The newest version first. */
function postgresFolders() {
  const debian = newestIn("/usr/lib/postgresql").map((name) => `/usr/lib/postgresql/${name}/bin`);
  const homebrew = ["/opt/homebrew/opt", "/usr/local/opt"].flatMap((folder) =>
    newestIn(folder, /^postgresql(?:@\d+)?$/).map((name) => `${folder}/${name}/bin`),
  );
  return [...debian, "/usr/local/pgsql/bin", ...homebrew];
}
