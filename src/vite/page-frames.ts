import { statSync } from "node:fs";
import path from "node:path";
import type { Environment, EnvironmentModuleNode, HotPayload, Plugin, ViteDevServer } from "vite";
import { normalizePath } from "vite";
import type { Frame } from "../browser/page-channel.ts";
import type { Assets, Reload } from "../protocol/page-wire.ts";
import { addressedImage } from "./page-assets.ts";

/** HTML files that were saved last, for which the message of a server without pages of its own names no file. */
const saved = new WeakMap<Environment, { readonly file: string; readonly at: number }[]>();
/** A message comes right after the hooks that know the file. */
const MAX_DELAY_MS = 1_000;

/** Notes which HTML file a message is about to be sent for. */
export function noteSavedPages(): Plugin {
  return {
    name: "orbit-hmr:saved-pages",
    hotUpdate: {
      order: "post",
      handler({ file, modules }) {
        const { environment } = this;
        if (environment.name !== "client" || !file.endsWith(".html") || modules.length > 0) return;
        saved.set(environment, [...(saved.get(environment) ?? []), { file, at: performance.now() }]);
      },
    },
  };
}

/**
 * What pages are told instead of what Vite tells them. Vite's client would load a page again by itself, without regard to what
 * is in it: ours is asked instead, and what others listen to is told as before.
 */
export function pageFrames(server: ViteDevServer): (payload: HotPayload) => readonly Frame[] {
  return (payload) => {
    // A page in whose place Vite shows that it still builds has nothing to lose.
    if (payload.type !== "full-reload" || Reflect.get(payload, "ifFallback") === true) return [payload];
    const image = payload.triggeredBy && addressedImage(payload.triggeredBy, server);
    if (image !== undefined && image !== "") {
      const assets: Assets = { paths: [image], reload: reloadOf(payload, server).reason };
      return [{ type: "custom", event: "orbit:assets", data: assets }];
    }
    return [
      { type: "custom", event: "vite:beforeFullReload", data: payload },
      { type: "custom", event: "orbit:reload", data: reloadOf(payload, server) },
    ];
  };
}

/** The file that a page is made of, relative to the root, where it is one. */
export function htmlFileOf(file: string, root: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? relativeTo(root, file) : undefined;
}

type FullReload = Extract<HotPayload, { type: "full-reload" }>;

function reloadOf(payload: FullReload, server: ViteDevServer): Reload {
  const { root } = server.config;
  const file = fileOf(payload, server);
  if (file === undefined) return { files: [], reason: "Vite loads all pages again." };
  const name = relativeTo(root, file);
  const reload = { files: [name], reason: `${name} changed.` };
  return file.endsWith(".html") && !isImported(file, server) ? { ...reload, page: name } : reload;
}

function fileOf({ path: of = "*", triggeredBy }: FullReload, server: ViteDevServer): string | undefined {
  if (triggeredBy !== undefined) return triggeredBy;
  if (of !== "*") return path.join(server.config.root, of);
  const { client } = server.environments;
  const [next, ...others] = (saved.get(client) ?? []).filter(
    ({ at }) => performance.now() - at < MAX_DELAY_MS,
  );
  if (server.config.server.middlewareMode === false || next === undefined) return undefined;
  saved.set(client, others);
  return next.file;
}

/** Whether code of a page has the text of an HTML file: it is then no page, or not only one. */
function isImported(file: string, { environments }: ViteDevServer): boolean {
  const modules = environments.client.moduleGraph.getModulesByFile(normalizePath(file));
  return [...(modules ?? [])].some((module) => !isPartOfPage(module) && module.type === "js");
}

/** A script or style that stands in a page is a module of the page's file. */
function isPartOfPage({ id }: EnvironmentModuleNode): boolean {
  return id?.includes("?html-proxy") ?? false;
}

function relativeTo(root: string, file: string): string {
  return normalizePath(path.relative(root, file));
}
