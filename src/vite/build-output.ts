import { existsSync } from "node:fs";
import path from "node:path";
import type { Connect, ViteDevServer } from "vite";
import { normalizePath } from "vite";
import { channelOf } from "../browser/page-channels.ts";
import { assetPath } from "../browser/asset-files.ts";
import { displayName, isAtOrBelow } from "../disk/file-names.ts";
import type { Builds } from "../session/builds.ts";
import type { Session } from "../session/session.ts";

/** What pages have asked for is remembered, up to so many files. */
const MAX_ASKED = 10_000;

/**
 * Tell Vite, and through it pages, what builds have made: once for each build that succeeds, and only of files that are others
 * than before. What its watcher says of the output is a hint: while it is built, and after a build that failed, what is there
 * may be half of it. Returns the undo.
 */
export function tellOutput(server: ViteDevServer, session: Session, builds: Builds): () => void {
  const { watcher } = server;
  const { config } = server;
  const asked = new Set<string>();
  server.middlewares.use(noteAsked(server, asked));
  builds.addressBy((file) => addressOf(file, config));
  const emit = watcher.emit.bind(watcher);
  const passed = new Map<string, boolean>();
  // The watcher says each thing twice: by its name, and as one of all.
  Reflect.set(watcher, "emit", (event: string, ...rest: readonly unknown[]): boolean => {
    const file = event === "all" ? rest[1] : rest[0];
    if (typeof file !== "string" || !builds.isOutput(path.normalize(file))) return emit(event, ...rest);
    if (event !== "all") passed.set(file, !builds.isHolding && builds.takeOutput(path.normalize(file)));
    return passed.get(file) === true ? emit(event, ...rest) : false;
  });
  const unlisten = builds.onOutput((files, added) => {
    for (const file of files) {
      const event = added.has(file) ? "add" : existsSync(file) ? "change" : "unlink";
      emit(event, file);
      emit("all", event, file);
    }
    const untold = files.filter((file) => asked.has(addressOf(file, config)) && !isTold(server, file));
    if (untold.length === 0) return;
    const names = untold.map((file) => displayName(config.root, file));
    const addresses = untold.map((file) => addressOf(file, config));
    channelOf(session.root).send("orbit:reload", {
      files: addresses,
      reason: `${names.join(", ")} changed.`,
    });
  });
  return () => {
    unlisten();
    Reflect.deleteProperty(watcher, "emit");
  };
}

/** Whether a save of a file is told to pages by others: by Vite, or as a file that they show as it is. */
function isTold({ config, environments }: ViteDevServer, file: string): boolean {
  if (file.endsWith(".html") || assetPath(file, config) !== undefined) return true;
  return (environments.client.moduleGraph.getModulesByFile(normalizePath(file))?.size ?? 0) > 0;
}

/** How addresses name a file: below the base, and what lies in the public folder as if it lay at the top. */
function addressOf(file: string, { root, publicDir }: ViteDevServer["config"]): string {
  return displayName(publicDir !== "" && isAtOrBelow(publicDir, file) ? publicDir : root, file);
}

function noteAsked({ config }: ViteDevServer, asked: Set<string>): Connect.NextHandleFunction {
  return (incoming, outgoing, next) => {
    const address = askedFor(incoming.url, config.base);
    if (address !== undefined && asked.size < MAX_ASKED) asked.add(address);
    // What belongs together, as code and what it is compiled to, is not to come from two builds.
    if (address?.endsWith(".wasm") === true) outgoing.setHeader("cache-control", "no-store");
    next();
  };
}

function askedFor(url = "/", base: string): string | undefined {
  try {
    const pathname = decodeURIComponent(url.replace(/[?#].*$/, ""));
    return pathname.slice(pathname.startsWith(base) ? base.length : 1);
  } catch {
    return undefined;
  }
}
