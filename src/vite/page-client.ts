import path from "node:path";
import type { HtmlTagDescriptor, Plugin, ResolvedConfig, ViteDevServer } from "vite";
import { clientScripts } from "../browser/client-scripts.ts";
import type { ClientFacts } from "../browser/client-scripts.ts";
import { messagesOf } from "../browser/page-messages.ts";
import type { PageChannel } from "../browser/page-channel.ts";
import { Panel } from "../browser/panel.ts";
import { processSlot } from "../protocol/process-slot.ts";
import type { Report } from "../protocol/report.ts";
import { panelGraphOf } from "../session/panel-graph.ts";
import { panelPartsOf } from "../session/panel-parts.ts";
import type { Session } from "../session/session.ts";
import { standingErrors } from "../session/standing-errors.ts";
import { answerAboutState } from "../session/state-views.ts";
import { clearCaches } from "../state/clear-caches.ts";
import { withPlace } from "./bundler-errors.ts";
import { hearFaults, openForPages, tellErrors } from "./page-problems.ts";
import { rememberMadePages } from "./made-pages.ts";
import { tellAssets } from "./page-assets.ts";
import { htmlFileOf, pageFrames } from "./page-frames.ts";
import { channelOf } from "../browser/page-channels.ts";
import { followPages } from "./page-restarts.ts";
import { connectSockets } from "./page-sockets.ts";

/** Gives every page the client: first of all what its own scripts may use, then what reaches the server. */
export function injectPageClient(session: () => Session | undefined): Plugin {
  let facts = { base: "/", showsOverlay: true, hasSocket: true };
  let root = "";
  return {
    name: "orbit-hmr:page",
    configResolved: (config) => {
      const { base, server } = config;
      facts = { base, showsOverlay: mayShowOverlay(config), hasSocket: server.ws !== false };
      root = config.root;
    },
    transformIndexHtml: {
      // After Vite has looked for modules of its own in the page: these are none.
      order: "post",
      handler(_html, { filename, server }) {
        const current = session();
        if (current === undefined) return [];
        const { apiPrefix } = current.options;
        const html = htmlFileOf(filename, root);
        return clientTags({ ...facts, apiPrefix, html, server: server && serverIdOf(server) });
      },
    },
  };
}

/** Whether Vite's own overlay would be shown. */
function mayShowOverlay({ server: { hmr } }: ResolvedConfig): boolean {
  return typeof hmr !== "object" || hmr.overlay !== false;
}

function clientTags(facts: ClientFacts): HtmlTagDescriptor[] {
  return clientScripts(facts).map((attrs) => ({ tag: "script", attrs, injectTo: "head-prepend" }));
}

/** Tells the pages of a server what its session reports, and answers what they ask. Returns the undo. */
export function connectPages(server: ViteDevServer, session: Session): () => void {
  const channel = channelOf(session.root);
  const following = followPages({ server, id: serverIdOf(server) }, session, (message) =>
    channel.tell(message),
  );
  const panel = panelOf(session.root, channel);
  const framesFor = pageFrames(server);
  const { broadcast, undo } = connectSockets(server.ws, channel, (payload) =>
    framesFor(withPlace(payload, session.names)),
  );
  const tell = (report: Report): void => {
    if (report.event === "notice") return;
    for (const message of messagesOf(report, factsOf(session))) channel.tell(message);
  };
  const ends = [
    channel.serveBy({
      id: serverIdOf(server),
      begunAt: Date.now(),
      broadcast,
      version: () => session.runtime.version,
      errors: () => standingErrors(session),
      adopt: following.adopt,
      tellSaves: following.tellSaves,
    }),
    channel.on("orbit:clear-caches", (_data, _tab, connection) => {
      connection.send({ type: "custom", event: "orbit:caches-cleared", data: { entries: clearCaches() } });
    }),
    session.reports.observe(tell),
    panel.serveBy({
      parts: () => panelPartsOf(session),
      lastReload: () => session.log.view.lastReload?.report,
      answerAboutState,
      graph: async () => panelGraphOf(session),
    }),
    session.reports.observe((report) => panel.note(report)),
    tellErrors(session, channel),
    hearFaults(server, session, channel),
    openForPages(session, channel),
    tellAssets(server, channel),
    rememberMadePages(server),
    undo,
    following.end,
  ];
  return () => {
    for (const end of ends) end();
  };
}

const serverIds = new WeakMap<object, string>();

/** Names a server among all that pages may have known. */
function serverIdOf({ config }: ViteDevServer): string {
  const id = serverIds.get(config) ?? Math.random().toString(36).slice(2);
  serverIds.set(config, id);
  return id;
}

/** The panel of a project is there as long as its channel. */
function panelOf(root: string, channel: PageChannel): Panel {
  const panels = processSlot("panels@1", () => new Map<string, Panel>());
  const panel = panels.get(root) ?? new Panel(channel);
  panels.set(root, panel);
  return panel;
}

function factsOf({ root, routes, runtime, options, server }: Session): Parameters<typeof messagesOf>[1] {
  const files = new Map(routes.table().routes.map(({ path: name, file }) => [name, file]));
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
    isBrowserFile: (file) => server.isBrowserFile(path.join(root, file)),
    threshold: options.hmr.fullReloadThreshold,
  };
}
