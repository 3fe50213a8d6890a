import { existsSync } from "node:fs";
import path from "node:path";
import { rebuildOf } from "../browser/rebuild-message.ts";
import type { PageChannel } from "../browser/page-channel.ts";
import { openInEditor } from "../browser/open-in-editor.ts";
import { Panel } from "../browser/panel.ts";
import { messageOf } from "../protocol/message-of.ts";
import type { ModuleUpdate } from "../protocol/module-updates.ts";
import { processSlot } from "../protocol/process-slot.ts";
import { panelGraphOf } from "./panel-graph.ts";
import { panelPartsOf } from "./panel-parts.ts";
import type { Session } from "./session.ts";
import { standingErrors } from "./standing-errors.ts";
import { answerAboutState } from "./state-views.ts";
import { tellReports } from "./tell-reports.ts";
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
  const ends = [
    channel.on("orbit:clear-caches", (_data, _tab, connection) => {
      connection.send({ type: "custom", event: "orbit:caches-cleared", data: { entries: clearCaches() } });
    }),
    tellReports(session, (message) => channel.tell(message)),
    panel.serveBy({
      parts: () => panelPartsOf(session),
      lastReload: () => session.log.view.lastReload?.report,
      answerAboutState,
      graph: async () => panelGraphOf(session),
    }),
    session.reports.observe((report) => panel.note(report)),
    tellErrors(session, channel),
    tellBuilds(session, channel),
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

/** Tell pages what is broken, whole, each time that it is something else. Returns what ends it. */
function tellErrors(session: Session, channel: PageChannel): () => void {
  let seen: readonly unknown[] = [];
  let told = JSON.stringify(standingErrors(session));
  return session.log.observe(({ problems: { broken, refused, standing }, build }) => {
    const now = [broken, refused, standing, build?.last, session.routes.changedAt];
    if (now.every((each, index) => each === seen[index])) return;
    seen = now;
    const errors = standingErrors(session);
    const text = JSON.stringify(errors);
    if (text === told) return;
    told = text;
    channel.send("orbit:errors", { errors });
  });
}

/** Tell pages what becomes of builds. Returns what ends it. */
function tellBuilds(session: Session, channel: PageChannel): () => void {
  const ends = [
    session.reports.observe((report) => {
      if (report.event !== "build") return;
      if (report.status === "starting") tellSaved(session.root, report.files, channel);
      channel.send("orbit:rebuild", rebuildOf(report));
    }),
    session.builds?.onModules(({ changed, updates = changed.map(asModule), output }) => {
      channel.send("orbit:hmr", { modules: { changed, dependents: [] }, updates, output });
    }),
    session.builds?.components.onAhead((changed, updates) => {
      channel.send("orbit:hmr", { modules: { changed, dependents: [] }, updates, isAhead: true });
    }),
  ];
  return () => {
    for (const end of ends) end?.();
  };
}

function asModule(id: string): ModuleUpdate {
  return { id, kind: "module" };
}

function tellSaved(root: string, files: readonly string[], channel: PageChannel): void {
  const isThere = (file: string): boolean => existsSync(path.join(root, file));
  const changed = files.filter((file) => isThere(file));
  const gone = files.filter((file) => !isThere(file));
  if (changed.length > 0) channel.send("orbit:fileChange", { paths: changed, kind: "change" });
  if (gone.length > 0) channel.send("orbit:fileChange", { paths: gone, kind: "unlink" });
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
