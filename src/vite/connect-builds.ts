import type { ViteDevServer } from "vite";
import type { Session } from "../session/session.ts";
import { awaitFirstBuild } from "./await-build.ts";
import { tellOutput } from "./build-output.ts";

/** Connect the builds of a session, where it has any, to a server: what is watched, and what pages get of them. Returns the undo. */
export function connectBuilds(server: ViteDevServer, session: Session): () => void {
  const { builds } = session;
  if (builds === undefined) return () => undefined;
  // The root of the server may be what is built, and not what it is built from.
  server.watcher.add([session.root, ...builds.plan.inputs()]);
  const endOutput = tellOutput(server, session, builds);
  server.middlewares.use(awaitFirstBuild(server.config, session, builds));
  return endOutput;
}
