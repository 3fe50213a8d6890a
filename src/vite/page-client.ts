import type { HtmlTagDescriptor, Plugin, ViteDevServer } from "vite";
import { CLIENT_PREFIX } from "../browser/client-files.ts";
import { messagesOf } from "../browser/page-messages.ts";
import { sendToPages } from "../browser/page-channel.ts";
import { CACHES_CLEARED, CLEAR_CACHES } from "../protocol/page-events.ts";
import type { Report } from "../protocol/report.ts";
import type { Session } from "../session/session.ts";
import { clearCaches } from "../state/clear-caches.ts";

/** Gives every page the client: first of all what its own scripts may use, then what reaches the server. */
export function injectPageClient(session: () => Session | undefined): Plugin {
  let base = "/";
  return {
    name: "orbit-hmr:page",
    configResolved: (config) => {
      base = config.base;
    },
    transformIndexHtml: {
      // After Vite has looked for modules of its own in the page: these are none.
      order: "post",
      handler() {
        const current = session();
        return current === undefined ? [] : clientTags(base, current.options.apiPrefix);
      },
    },
  };
}

function clientTags(base: string, apiPrefix: string): HtmlTagDescriptor[] {
  const at = (name: string): string => `${base}${CLIENT_PREFIX.slice(1)}${name}`;
  const boot = { src: at("boot.js"), "data-base": base, "data-api-prefix": apiPrefix };
  return [
    { tag: "script", attrs: boot, injectTo: "head-prepend" },
    { tag: "script", attrs: { type: "module", src: at("page.js") }, injectTo: "head" },
  ];
}

/** Tells the pages of a server what its session reports, and answers what they ask. Returns the undo. */
export function connectPages({ ws }: ViteDevServer, session: Session): () => void {
  const send = (event: string, detail: object): void => ws.send(event, detail);
  const tell = (report: Report): void => {
    if (ws.clients.size === 0 || report.event === "notice") return;
    for (const message of messagesOf(report, factsOf(session))) sendToPages(message, report.version, send);
  };
  ws.on(CLEAR_CACHES, answerClear);
  const stop = session.reports.observe(tell);
  return () => {
    stop();
    ws.off(CLEAR_CACHES, answerClear);
  };
}

function answerClear(_data: unknown, client: { send(event: string, data: unknown): void }): void {
  client.send(CACHES_CLEARED, { entries: clearCaches() });
}

function factsOf({ routes, runtime, options }: Session): Parameters<typeof messagesOf>[1] {
  const files = new Map(routes.table().routes.map(({ path, file }) => [path, file]));
  const modulesOf = (route: string): ReadonlySet<string> => {
    const entry = routes.entryOfPath(route);
    const closure = entry === undefined ? [] : [...runtime.closureOf(entry)];
    return new Set(closure.map(({ displayName }) => displayName));
  };
  const known = new Map<string, ReadonlySet<string>>();
  return {
    fileOf: (route) => files.get(route),
    isPartOf: (module, route) => {
      const modules = known.get(route) ?? modulesOf(route);
      known.set(route, modules);
      return modules.has(module);
    },
    threshold: options.hmr.fullReloadThreshold,
  };
}
