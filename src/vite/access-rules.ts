import type { IncomingMessage, ServerResponse } from "node:http";
import { parse } from "node:url";
import type { Plugin, ViteDevServer } from "vite";

/**
 * Let `OPTIONS` requests reach the routes. Vite's cors layer still sets its headers, so a preflight is allowed for the
 * same origins as before, and the host check still comes first; only its habit of answering every `OPTIONS` with 204
 * comes after the routes: the plugin stands behind the one that serves them.
 */
export function letOptionsThrough(): Plugin {
  let status: number | undefined;
  return {
    name: "orbit:options",
    apply: "serve",
    configResolved({ server }) {
      const cors = server.cors === true ? {} : server.cors;
      status =
        cors === false || cors.preflightContinue === true ? undefined : (cors.optionsSuccessStatus ?? 204);
      if (status !== undefined) server.cors = { ...cors, preflightContinue: true };
    },
    configureServer({ middlewares }) {
      middlewares.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
        if (status === undefined || request.method !== "OPTIONS") return next();
        response.writeHead(status, { "Content-Length": "0" }).end();
      });
    },
  };
}

/**
 * Turn away request targets that end a stock dev server: `GET http://[/` makes Connect throw where nobody catches.
 * Vite's own check answers them with 400. Returns the undo.
 */
export function refuseBrokenTargets({ httpServer }: Pick<ViteDevServer, "httpServer">): () => void {
  httpServer?.prependListener("request", replaceBrokenTarget);
  return () => void httpServer?.off("request", replaceBrokenTarget);
}

function replaceBrokenTarget(request: IncomingMessage): void {
  const target = request.url ?? "/";
  if (!target.startsWith("/") && !canConnectParse(target)) request.url = "/#"; // what Vite refuses
}

function canConnectParse(target: string): boolean {
  try {
    parse(target); // the parser that Connect uses; `URL` refuses other targets
    return true;
  } catch {
    return false;
  }
}
