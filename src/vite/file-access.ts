import { realpathSync, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { isAbsolute, join, relative, sep } from "node:path";
import { isFileLoadingAllowed, normalizePath } from "vite";
import type { Connect, Plugin, ResolvedConfig } from "vite";
import { displayName } from "../disk/file-names.ts";
import { OrbitError } from "../protocol/orbit-error.ts";
import { filesNamedBy } from "./named-files.ts";

/**
 * Keep two kinds of files from browsers: what is under the folder of the routes, which is server code with what servers
 * know, and what only a link makes look like a file of the project. What a file really is decides.
 *
 * Vite reads files in two places, and each is guarded where the file is known, whatever the URL looked like: modules
 * in the `load` hook, and static files, which Vite also serves raw, before its static middlewares.
 */
export function guardFiles(apiDir: () => string | undefined): Plugin {
  let config: ResolvedConfig | undefined;
  const refusal = (file: string): string | undefined => {
    const reason = config && whyRefused(file, apiDir(), config);
    if (reason !== undefined) config?.logger.warnOnce(`[orbit] ${reason}`);
    return reason;
  };
  return {
    name: "orbit:file-access",
    apply: "serve",
    configResolved(resolved) {
      config = resolved;
    },
    load: {
      order: "pre",
      handler(id) {
        if (this.environment.config.consumer !== "client") return;
        const reason = refusal(id.replace(/[?#].*$/s, ""));
        if (reason !== undefined) throw new OrbitError("ACCESS_DENIED", reason);
      },
    },
    configureServer(server) {
      const refuseFiles: Connect.NextHandleFunction = (request, response, next) => {
        for (const file of filesNamedBy(request.url ?? "/", server.config)) {
          const reason = refusal(file);
          if (reason !== undefined) return deny(response, reason);
        }
        next();
      };
      server.middlewares.use(refuseFiles);
      return () => {
        server.middlewares.use(refuseFiles); // again, for the `.html` files that Vite's fallback has found by now
        server.middlewares.use(answerDenied);
      };
    },
  };
}

const answerDenied: Connect.ErrorHandleFunction = (error, _request, response, next) => {
  const isOurs: boolean = error instanceof OrbitError && error.code === "ACCESS_DENIED";
  if (!isOurs) return next(error);
  deny(response, String(error.message));
};

function deny(response: ServerResponse, message: string): void {
  response.writeHead(403, {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(message);
}

function whyRefused(file: string, apiDir: string | undefined, config: ResolvedConfig): string | undefined {
  const target = targetOf(file);
  if (target === undefined) return undefined;
  const name = displayName(config.root, file);
  if (apiDir !== undefined && (contains(apiDir, file) || contains(realFolder(apiDir), target)))
    return `${name} is code of the server: browsers do not get it. Call its route, or move what both need elsewhere.`;
  if (target !== file && isServed(file, config) && !isReallyServed(file, target, config))
    return `${name} is a link to something that is not served. Allow the folder of its target with \`server.fs.allow\`, or put a copy in place of the link.`;
  return undefined;
}

/** The file behind a name, with all links followed. Asks the disk, which knows its own letter case. */
function targetOf(name: string): string | undefined {
  if (!isAbsolute(name)) return undefined; // a module of a plugin
  try {
    const target = realpathSync.native(name);
    return statSync(target).isFile() ? target : undefined;
  } catch {
    return undefined; // no such file, or a name that no file can have: nothing to give away
  }
}

/** Does Vite serve a file, to judge by its name alone? */
function isServed(name: string, config: ResolvedConfig): boolean {
  return isFileLoadingAllowed(config, normalizePath(name)) || contains(config.publicDir, name);
}

/**
 * Is a target of links served as well? Vite compares names with its settings as they are written, and those may lead
 * through links themselves: so the target is named as the settings would.
 */
function isReallyServed(name: string, target: string, config: ResolvedConfig): boolean {
  // Installers make a package available by a link: that it stands in `node_modules` is what allows it.
  const [packageFolder] = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/s.exec(name) ?? [];
  const folders = [config.publicDir, ...config.server.fs.allow, packageFolder ?? ""];
  const names = folders.flatMap((folder) => {
    const real = realFolder(folder);
    return contains(real, target) ? [join(folder, relative(real, target))] : [];
  });
  return [target, ...names].some((file) => isServed(file, config));
}

function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder; // not there: nothing is in it
  }
}

function contains(folder: string, file: string): boolean {
  if (folder === "") return false; // there is none: `relative` would take it for the working directory
  const path = relative(folder, file);
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
