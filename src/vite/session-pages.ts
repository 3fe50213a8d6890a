import path from "node:path";
import type { PageChannel } from "../browser/page-channel.ts";
import { messagesOf } from "../browser/page-messages.ts";
import { Panel } from "../browser/panel.ts";
import { processSlot } from "../protocol/process-slot.ts";
import type { Report } from "../protocol/report.ts";
import { panelGraphOf } from "../session/panel-graph.ts";
import { panelPartsOf } from "../session/panel-parts.ts";
import type { Session } from "../session/session.ts";
import { answerAboutState } from "../session/state-views.ts";
import { clearCaches } from "../state/clear-caches.ts";
import { openForPages, tellErrors } from "./page-problems.ts";

interface ToldSession {
  servers: number;
  readonly end: () => void;
}

/** By session: a session has several servers while Vite restarts, and where a program makes them. */
const toldSessions = new WeakMap<Session, ToldSession>();

/**
 * Tell pages what a session reports, and answer what they ask of it: once, however many servers it has. Returns what ends it
 * for one of them.
 */
export function tellPages(session: Session, channel: PageChannel): () => void {
  const told = toldSessions.get(session) ?? { servers: 0, end: begin(session, channel) };
  toldSessions.set(session, told);
  told.servers++;
  return () => {
    told.servers--;
    if (told.servers > 0) return;
    toldSessions.delete(session);
    told.end();
  };
}

function begin(session: Session, channel: PageChannel): () => void {
  const panel = panelOf(session.root, channel);
  const tell = (report: Report): void => {
    if (report.event === "notice") return;
    for (const message of messagesOf(report, factsOf(session))) channel.tell(message);
  };
  const ends = [
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
    openForPages(session, channel),
  ];
  return () => {
    for (const end of ends) end();
  };
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
