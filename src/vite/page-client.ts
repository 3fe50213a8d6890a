import type { HtmlTagDescriptor, Plugin, ResolvedConfig, ViteDevServer } from "vite";
import { clientScripts } from "../browser/client-scripts.ts";
import type { ClientFacts } from "../browser/client-scripts.ts";
import type { Session } from "../session/session.ts";
import { standingErrors } from "../session/standing-errors.ts";
import { withPlace } from "./bundler-errors.ts";
import { hearFaults } from "./page-faults.ts";
import { followMadePages } from "./made-pages.ts";
import { tellAssets } from "./page-assets.ts";
import { HeldErrors } from "./held-errors.ts";
import { htmlFileOf, pageFrames } from "./page-frames.ts";
import { channelOf } from "../browser/page-channels.ts";
import { followPages } from "./page-restarts.ts";
import { connectSockets } from "./page-sockets.ts";
import { answerTexts } from "./page-texts.ts";
import { tellPages } from "../session/tell-pages.ts";

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
        const isFinished = server !== undefined;
        return clientTags({ ...facts, apiPrefix, html, server: server && serverIdOf(server), isFinished });
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

/** Connects the pages of a server with its session and their channel. Returns the undo. */
export function connectPages(server: ViteDevServer, session: Session): () => void {
  const id = serverIdOf(server);
  const channel = channelOf(session.root);
  const following = followPages({ server, id }, session, (message) => channel.tell(message));
  const framesFor = pageFrames(server);
  const held = new HeldErrors(server, (payload) => server.ws.send(payload));
  const { broadcast, undo } = connectSockets({ ws: server.ws, id }, channel, (payload) => {
    held.note(payload);
    return framesFor(withPlace(payload, session.names));
  });
  const ends = [
    channel.serveBy({
      id,
      begunAt: Date.now(),
      broadcast,
      version: () => session.runtime.version,
      errors: () => standingErrors(session),
      buildStatus: () => session.log.view.build?.status,
      ahead: () => session.builds?.components.updates ?? [],
      adopt: following.adopt,
      tellSaves: following.tellSaves,
    }),
    tellPages(session, channel),
    hearFaults({ server, id }, session, channel),
    tellAssets(server, (assets) =>
      broadcast(channel.number({ type: "custom", event: "orbit:assets", data: assets })),
    ),
    followMadePages(server),
    answerTexts({ server, id }, channel),
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
