import path from "node:path";
import type { Connect, ResolvedConfig, ViteDevServer } from "vite";
import { settleTabs } from "../browser/settle-tabs.ts";
import { answerClientFile } from "../browser/client-files.ts";
import { answerPanelPage } from "../browser/panel-page.ts";
import type { BlockedLoop } from "../protocol/blocked-loop.ts";
import type { Report } from "../protocol/report.ts";
import { SETTLE_PATH } from "../protocol/settlement.ts";
import { STATUS_PATH } from "../protocol/status.ts";
import { reportText } from "../report/report-text.ts";
import { currentContext, firstProjectFrame, isShuttingDown, mapStackTraces } from "../runtime/index.ts";
import { answerRoute, answerUnmatched, isApiPath } from "../session/answer-route.ts";
import { watchLoop } from "../session/blocked-loop.ts";
import { guardProcess } from "../session/process-guard.ts";
import type { Session } from "../session/session.ts";
import { answerSettle } from "../session/settle.ts";
import { shareStateConnection } from "../session/state-connection.ts";
import { answerStatus } from "../session/status.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { connectBuilds } from "./connect-builds.ts";
import { refuseBrokenTargets } from "./access-rules.ts";
import { channelOf } from "../browser/page-channels.ts";
import { connectPages } from "./page-client.ts";
import { endOnSignals } from "./end-on-signals.ts";
import { goOn } from "../browser/posted-pages.ts";
import { repeatLostSaves } from "./second-saves.ts";
import { Unanswered } from "./unanswered.ts";
import { serverEnvironmentOf, serverModulesIn } from "./server-environment.ts";
import { guardWebSocket } from "./websocket-guard.ts";

/**
 * Connect a session to a server: requests, events of the watcher, reports, and the guards of the process.
 *
 * @returns how each part is taken back, and what is to be done when the hooks of all plugins have run
 */
export function connectSession(
  server: ViteDevServer,
  session: Session,
): { readonly undo: readonly (() => void)[]; readonly afterHooks: () => void } {
  const unanswered = new Unanswered();
  const { logger, base } = server.config;
  const panelPlace = { base, apiPrefix: session.options.apiPrefix };
  serverModulesIn(serverEnvironmentOf(server))?.connect(session);
  session.reports.logWith((report) => print(server.config, session.options, report));
  // Who embeds a server without a port listens, if at all, before anything is asked of it.
  if (server.httpServer === null) session.reports.emitEarly();
  else server.httpServer.once("listening", () => session.reports.emitEarly());
  server.middlewares.use((incoming, outgoing, next) => {
    session.reports.emitEarly();
    const pathname = pathOf(incoming.originalUrl ?? incoming.url ?? "/");
    const ownPath = withoutBase(pathname, base);
    if (answerClientFile(ownPath, incoming, outgoing)) return;
    if (ownPath === STATUS_PATH)
      return answerStatus(session, incoming, outgoing, () => answerPanelPage(incoming, outgoing, panelPlace));
    if (pathname === SETTLE_PATH)
      return void answerSettle(session, { incoming, outgoing }, async () =>
        settleTabs(channelOf(session.root)),
      );
    if (!isApiPath(pathname, session.options.apiPrefix)) return goOn(incoming, next);
    const leave = (): void => {
      unanswered.note(incoming);
      next();
    };
    void orFail(answerRoute(session, { incoming, outgoing, leave }), next);
  });
  const onEvent = (_event: string, file: string): void => {
    session.noteEvent(path.normalize(file));
  };
  server.watcher.on("all", onEvent);
  const undo = [
    () => server.watcher.off("all", onEvent),
    repeatLostSaves(server.watcher),
    connectBuilds(server, session),
    guardWebSocket(server.ws, (line) => logger.warn(line)),
    refuseBrokenTargets(server),
    endOnSignals(server),
    connectPages(server, session),
    watchLoop(() => whatRuns(session)),
    mapStackTraces(),
    shareStateConnection((message) => session.warn(message)),
    guardProcess({
      attribute: (error) => placeOf(session, error),
      isEnding: isShuttingDown,
      report: ({ origin, error, place }) => {
        // Errors from closed generations are ignored: they say nothing about the code that replaced them.
        if (currentContext()?.evaluating?.phase === "gone") return;
        const how = origin === "unhandledRejection" ? "An unhandled rejection" : "An uncaught error";
        session.noteThrown(error, routeOfPlace(session), `${how} in ${place}`);
      },
    }),
  ];
  const afterHooks = (): void =>
    unanswered.answerAtEnd(server, (incoming, outgoing, next) => {
      void orFail(answerUnmatched(session, { incoming, outgoing }), next);
    });
  return { undo, afterHooks };
}

/** A path below the base of the project; others stay as they are. */
function withoutBase(pathname: string, base: string): string {
  return pathname.startsWith(base) ? pathname.slice(base.length - 1) : pathname;
}

/** The path of a request target, without query and fragment. */
function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** Errors outside of handlers go to Vite's error middleware. */
async function orFail(answering: Promise<void>, next: Connect.NextFunction): Promise<void> {
  try {
    await answering;
  } catch (error) {
    next(error);
  }
}

function print({ logger }: ResolvedConfig, options: ResolvedOptions, report: Report): void {
  const text = reportText(report, options.isVerbose ? "whole" : "short");
  if (report.event === "error") logger.error(text, { timestamp: true });
  else if (report.event === "notice" && report.level === "warn") logger.warn(text, { timestamp: true });
  else if (report.event === "build" && (report.status === "starting" || report.status === "superseded"))
    return;
  else if (report.event === "build" && report.status === "failed") logger.error(text, { timestamp: true });
  // Vite has logged what it does with files of the browser.
  else if (report.event === "reload" && report.strategy === "asset") return;
  else if (options.hmr.enableLogging) logger.info(text, { timestamp: true });
}

/** Where an error that nobody caught comes from: a frame of a server module, or the context it ran in. */
function placeOf(session: Session, error: unknown): string | undefined {
  const frame = firstProjectFrame(error);
  if (frame !== undefined) return `${session.names.relative(frame.file)}:${frame.line}`;
  const context = currentContext();
  if (context?.closing !== undefined) return `the closing of ${context.closing}`;
  return context?.evaluating?.module.displayName ?? routeOfPlace(session);
}

/** What keeps the loop busy at this moment, if it is code of the project. */
function whatRuns(session: Session): Pick<BlockedLoop, "place" | "route"> | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 200;
  const place = placeOf(session, new Error("What runs."));
  Error.stackTraceLimit = limit;
  const route = routeOfPlace(session);
  return place === undefined ? undefined : { place, ...(route !== place && { route }) };
}

function routeOfPlace(session: Session): string | undefined {
  const entry = currentContext()?.request?.entry;
  return entry === undefined ? undefined : session.routes.routeOf(entry);
}
