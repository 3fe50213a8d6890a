import path from "node:path";
import type { ViteDevServer } from "vite";
import type { Builds } from "../session/builds.ts";
import type { Session } from "../session/session.ts";
import { awaitFirstBuild } from "./await-build.ts";
import { tellOutput } from "./build-output.ts";

/** Connect the builds of a session, where it has any, to a server: what is watched, and what pages get of them. Returns the undo. */
export function connectBuilds(server: ViteDevServer, session: Session): () => void {
  const { builds } = session;
  if (builds === undefined) return () => undefined;
  // The root of the server may be what is built, and not what it is built from.
  const watched = new Set<string>();
  const watch = (): void => {
    // A build may have shown that there is more: what a manifest names now.
    const places = [session.root, ...builds.plan.inputs()].filter((place) => !watched.has(place));
    for (const place of places) watched.add(place);
    if (places.length > 0) server.watcher.add(places);
  };
  watch();
  const endWatch = session.reports.observe((report) => {
    if (report.event === "build" && report.status !== "starting") watch();
  });
  // Somebody may have another folder in mind than what is served.
  if (path.normalize(server.config.root) === builds.plan.output)
    void builds.firstEnded.then(() => warnOfNothing(session, builds));
  const endOutput = tellOutput(server, session, builds);
  server.middlewares.use(awaitFirstBuild(server.config, session, builds));
  return () => {
    endWatch();
    endOutput();
  };
}

function warnOfNothing(session: Session, { hasSucceeded, hasOutput, plan }: Builds): void {
  if (session.isClosed || !hasSucceeded || hasOutput) return;
  const folder = session.names.relative(plan.output);
  session.warn(
    `[orbit] ${plan.tool.name} has written nothing into ${folder}/, which is served. Set build.output to the folder that it writes.`,
  );
}
