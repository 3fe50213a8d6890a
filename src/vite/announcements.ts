import path from "node:path";
// A Node without `styleText` loads this all the same, and is told what it lacks.
import util from "node:util";
import type { Plugin, ResolvedConfig } from "vite";
import { slashed } from "../disk/file-names.ts";
import { RouteFiles } from "../project/route-files.ts";
import { countOf } from "../report/lists.ts";
import type { Session } from "../session/session.ts";
import { resolveOptions } from "../settings/options.ts";
import type { ApiRoutesOptions } from "../settings/options.ts";

/** Names the routes below the URLs that Vite prints at its start. */
export function announceRoutes(session: () => Session | undefined): Plugin {
  return {
    name: "orbit-hmr:announce",
    configureServer(server) {
      const printUrls = server.printUrls.bind(server);
      server.printUrls = () => {
        printUrls();
        const current = session();
        const [url] = server.resolvedUrls?.local ?? [];
        if (current === undefined || url === undefined) return;
        const { routes } = current.routes.table();
        const address = new URL(current.options.apiPrefix, url).href;
        const count = countOf(routes.length, "route");
        const [arrow, where] = [paint("green", "➜"), paint("cyan", address)];
        server.config.logger.info(`  ${arrow}  ${paint("bold", "API")}:     ${where} (${count})`);
      };
    },
  };
}

/** Says once what a build and its preview lack: routes are served in development, and nobody else would say so. */
export function announceLeftOut(raw: ApiRoutesOptions): Plugin {
  let isSaid = false;
  let config: ResolvedConfig | undefined;
  const say = (command: string): void => {
    const routes = config && routesOf(config, raw);
    if (isSaid || config === undefined || routes === undefined || routes.count === 0) return;
    isSaid = true;
    const what = `the ${countOf(routes.count, "API route")} of ${routes.folder}`;
    config.logger.warn(`[orbit] ${command} leaves out ${what}: they are served in development only.`);
  };
  return {
    name: "api-routes:left-out",
    apply: (_config, { command, isPreview }) => command === "build" || isPreview === true,
    configResolved: (resolved) => {
      config = resolved;
    },
    buildStart: () => say("vite build"),
    configurePreviewServer: () => say("vite preview"),
  };
}

function routesOf(
  { root }: ResolvedConfig,
  raw: ApiRoutesOptions,
): { readonly count: number; readonly folder: string } {
  const { apiDirs, apiPrefix: prefix } = resolveOptions(raw, {});
  const files = new RouteFiles({ root, apiDirs, prefix });
  const { routes } = files.table();
  return { count: routes.length, folder: slashed(path.relative(root, files.apiDir ?? root)) };
}

function paint(format: Parameters<typeof util.styleText>[0], text: string): string {
  return util.styleText(format, text, { stream: process.stdout });
}
