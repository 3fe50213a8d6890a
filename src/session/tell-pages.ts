import path from "node:path";
import type { PageChannel } from "../browser/page-channel.ts";
import { messagesOf } from "../browser/page-messages.ts";
import { openInEditor } from "../browser/open-in-editor.ts";
import { Panel } from "../browser/panel.ts";
import { messageOf } from "../protocol/message-of.ts";
import { processSlot } from "../protocol/process-slot.ts";
import type { Report } from "../protocol/report.ts";
import { panelGraphOf } from "./panel-graph.ts";
import { panelPartsOf } from "./panel-parts.ts";
import type { Session } from "./session.ts";
import { standingErrors } from "./standing-errors.ts";
import { answerAboutState } from "./state-views.ts";
import { clearCaches } from "../state/clear-caches.ts";

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

/** Tell pages what is broken, whole, each time that it is something else. Returns what ends it. */
function tellErrors(session: Session, channel: PageChannel): () => void {
  let seen: readonly unknown[] = [];
  let told = JSON.stringify(standingErrors(session));
  return session.log.observe(({ problems: { broken, refused, standing } }) => {
    const now = [broken, refused, standing, session.routes.changedAt];
    if (now.every((each, index) => each === seen[index])) return;
    seen = now;
    const errors = standingErrors(session);
    const text = JSON.stringify(errors);
    if (text === told) return;
    told = text;
    channel.send("orbit:errors", { errors });
  });
}

/** Open files for pages, as long as they are on this very computer. Returns what ends it. */
export function openForPages(session: Session, channel: PageChannel): () => void {
  return channel.on("orbit:open-in-editor", (place, _tab, connection) => {
    const answer = (problem: string): void =>
      connection.send({ type: "custom", event: "orbit:editor", data: { problem } });
    if (!connection.isLocal) return answer("Only pages on the computer of the server may open its editor.");
    openInEditor(session.root, place, answer).catch((error: unknown) => answer(messageOf(error)));
  });
}
