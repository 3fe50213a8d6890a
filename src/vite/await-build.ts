import { statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import type { Connect, ResolvedConfig } from "vite";
import { buildPage } from "../browser/build-page.ts";
import type { Builds } from "../session/builds.ts";
import type { Session } from "../session/session.ts";

/** How long whoever opens a page waits for the first build, instead of being told that it runs. */
const PATIENCE_MS = 10_000;

/** Who opens a page before the first build has ended waits for it; where there is nothing to show, a page says why. */
export function awaitFirstBuild(
  config: ResolvedConfig,
  session: Session,
  builds: Builds,
): Connect.NextHandleFunction {
  /** Whether there is something for an address by then. */
  const appears = async (url: string | undefined): Promise<boolean> => {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
    await Promise.race([builds.firstEnded, patience]);
    // A build that fails leaves what there was before, and that may be all that is asked for.
    return builds.hasSucceeded || (!builds.isRunning && isThere(url, config.root));
  };
  const answer = async (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    next: Connect.NextFunction,
  ): Promise<void> => {
    if (await appears(incoming.url)) return next();
    const { base } = config;
    outgoing.statusCode = 503;
    outgoing.setHeader("content-type", "text/html; charset=utf-8");
    outgoing.setHeader("cache-control", "no-store");
    outgoing.setHeader("retry-after", "1");
    const page = buildPage(builds.plan.tool.name, { base, apiPrefix: session.options.apiPrefix });
    outgoing.end(incoming.method === "HEAD" ? undefined : page);
  };
  return (incoming, outgoing, next) => {
    if (builds.hasSucceeded || !isNavigation(incoming)) next();
    else void answer(incoming, outgoing, next);
  };
}

function isNavigation({ method, headers, url = "/" }: IncomingMessage): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const destination = headers["sec-fetch-dest"];
  if (destination !== undefined) return destination === "document" || destination === "iframe";
  return headers.accept?.includes("text/html") === true && !url.startsWith("/@");
}

/** Whether there is a page for an address, as Vite finds it. */
function isThere(url = "/", root: string): boolean {
  const [name = "/"] = url.split(/[?#]/);
  return [name, `${name}.html`, path.posix.join(name, "index.html")].some(
    (each) => statSync(path.join(root, each), { throwIfNoEntry: false })?.isFile() === true,
  );
}
