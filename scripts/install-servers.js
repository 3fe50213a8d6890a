import { findPostgres, findRedis } from "./find-servers.js";
import { installFromDebian } from "./install-from-debian.js";

const servers = [
  {
    name: "PostgreSQL",
    find: findPostgres,
    package: "postgresql",
    otherwise: "POSTGRES_BIN to the folder of initdb",
  },
  { name: "Redis", find: findRedis, package: "redis-server", otherwise: "REDIS_SERVER to its path" },
];

/** Find the servers that the tests of real clients need, or install them; say which tests go without. */
export function installServers() {
  const missing = servers.filter(({ find }) => find() === undefined);
  // Databases are no matter of course on a machine that somebody works on: only root of a Debian gets them unasked.
  if (missing.length > 0 && process.getuid?.() === 0)
    installFromDebian(missing.map((server) => server.package));
  for (const { name, find, package: packageName, otherwise } of missing) {
    if (find() !== undefined) continue;
    console.error(
      `SKIPPED: the tests of ${name}'s clients need ${packageName}: install it, or set ${otherwise}.`,
    );
  }
}
