import { requireNode } from "../settings/requirements.ts";
import type { DevServer, DevServerOptions } from "./dev-server.ts";

/**
 * Serve a project in development: its page and, from `pages/api`, its routes. A `vite.config.*` of the project is
 * used, and gets the plugin where it lacks it.
 *
 * @throws {OrbitError} `NOT_FOUND` without such a folder, `NO_ROUTES` when there is nothing to serve in it,
 * `PORT_IN_USE` with `strictPort`, `INVALID_OPTION` and `INVALID_CONFIG` for what is written wrong,
 * `UNSUPPORTED_VERSION` for a Node or a Vite that is too old.
 */
export async function createDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  requireNode(process.versions.node);
  // Loaded late: what Vite imports is no name of an older Node, and that has to become a sentence.
  const { prepareDevServer } = await import("./dev-server.ts");
  const prepared = await prepareDevServer(options);
  const { server } = await prepared.start();
  return server;
}
