import { realpathSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { parse } from "node:url";
import type { Connect, Plugin, ResolvedConfig, ViteDevServer } from "vite";
import { OrbitError } from "../protocol/orbit-error.ts";
import { displayName } from "../disk/file-names.ts";
import { aliased } from "../project/aliases.ts";

/**
 * Keep everything under the folder of the routes from browsers: it is server code, with what servers know.
 * Vite reads files in two places, and each is guarded where the file is known, whatever the URL looked like: modules
 * in the `load` hook, and static files, which Vite also serves raw, before its static middlewares.
 */
export function keepSourcesPrivate(apiDir: () => string | undefined): Plugin {
  let root = "";
  return {
    name: "orbit:private-sources",
    apply: "serve",
    configResolved(config) {
      root = config.root;
    },
    load: {
      order: "pre",
      handler(id) {
        if (this.environment.config.consumer !== "client") return;
        const file = id.replace(/[?#].*$/s, "");
        if (isInside(file, apiDir())) throw new OrbitError("SERVER_ONLY", explainDenial(file, root));
      },
    },
    configureServer({ config, middlewares }) {
      const denySources: Connect.NextHandleFunction = (request, response, next) => {
        const file = filesNamedBy(request.url ?? "/", config).find((name) => isInside(name, apiDir()));
        if (file === undefined) return next();
        deny(response, explainDenial(file, root));
      };
      middlewares.use(denySources);
      return () => {
        middlewares.use(denySources); // again, for the `.html` files that Vite's fallback has found by now
        middlewares.use(answerDenied);
      };
    },
  };
}

const answerDenied: Connect.ErrorHandleFunction = (error, _request, response, next) => {
  const isOurs: boolean = error instanceof OrbitError && error.code === "SERVER_ONLY";
  if (!isOurs) return next(error);
  deny(response, String(error.message));
};

function explainDenial(file: string, root: string): string {
  const name = displayName(root, file);
  return `${name} is code of the server: browsers do not get it. Call its route, or move what both need elsewhere.`;
}

function deny(response: ServerResponse, message: string): void {
  response.writeHead(403, {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(message);
}

/** Is it a file in the folder, by its name or by where links lead? Asks the disk, which knows its own letter case. */
function isInside(file: string, folder: string | undefined): boolean {
  if (folder === undefined) return false;
  try {
    const target = realpathSync.native(file);
    if (!statSync(target).isFile()) return false;
    return contains(folder, file) || contains(realpathSync.native(folder), target);
  } catch {
    return false; // no such file, or a name that no file can have: nothing to give away
  }
}

function contains(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

/** Every file that Vite's static middlewares might take a URL for: base, aliases, `/@fs/`, the public folder. */
function filesNamedBy(url: string, { root, publicDir, base, resolve: { alias } }: StaticConfig): string[] {
  const raw = url.replace(/[?#].*$/s, "");
  const normalized = URL.canParse(url, "http://localhost") ? new URL(url, "http://localhost").pathname : raw;
  const spellings = [raw, normalized]
    .flatMap((path) => (path.startsWith(base) ? [path, `/${path.slice(base.length)}`] : [path]))
    .flatMap((path) => [path, decode(path)])
    .flatMap((path) => [path, aliased(path, alias)]);
  return [...new Set(spellings)].flatMap((path) => {
    const fsPath = path.startsWith("/@fs/") ? path.slice("/@fs".length).replace(/^\/(?=[a-z]:)/i, "") : path;
    return [join(root, path), join(publicDir, path), resolve(fsPath)];
  });
}

type StaticConfig = Pick<ResolvedConfig, "root" | "publicDir" | "base" | "resolve">;

function decode(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path; // malformed: Vite serves nothing for it
  }
}

/**
 * Let `OPTIONS` requests reach the routes. Vite's cors layer still sets its headers, so a preflight is allowed for the
 * same origins as before, and the host check still comes first; only its habit of answering every `OPTIONS` with 204
 * is undone under the prefix.
 */
export function letOptionsThrough(isApiUrl: (url: string) => boolean): Plugin {
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
        if (status === undefined || request.method !== "OPTIONS" || isApiUrl(request.url ?? "/"))
          return next();
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
