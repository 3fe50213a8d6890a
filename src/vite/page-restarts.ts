import type { ViteDevServer } from "vite";
import type { PagesServer } from "../browser/page-channel.ts";
import { messageOf } from "../protocol/message-of.ts";
import type { PageMessage } from "../protocol/page-events.ts";
import { collectBy, pageMemoryOf, rememberGiven, rememberPages } from "../protocol/page-memory.ts";
import type { PageMemory } from "../protocol/page-memory.ts";
import { savedAt } from "../disk/file-kind.ts";
import type { Session } from "../session/session.ts";
import { savesTold } from "./saves-under-way.ts";
import { adoptPage, digestsOf } from "./page-adoption.ts";

/**
 * What is saved while the watcher begins may be told by nobody: it is looked for when it says that it has begun, and after so
 * long, as it says that too early where a computer is busy.
 */
const LOOK_AGAIN_MS = [1_000, 5_000];

/** Be the server of the pages that another one had before, in this process or in the one before. */
export function followPages(
  { server, id }: { readonly server: ViteDevServer; readonly id: string },
  session: Session,
  tell: (message: PageMessage) => void,
): Pick<PagesServer, "adopt" | "tellSaves"> & { readonly end: () => void } {
  const { config } = server;
  const { root } = session;
  const before = pageMemoryOf(root);
  // Internal to Vite: should it be called otherwise one day, pages are loaded again after a restart.
  const token: unknown = before.token ?? Reflect.get(config, "webSocketToken");
  if (typeof token === "string" && Reflect.set(config, "webSocketToken", token))
    rememberPages(root, { token });
  const environment = JSON.stringify(config.env);
  rememberGiven(root, id, { digests: new Map(), environment });
  const saves = new MissedSaves(server);
  // Before it listens, it cannot transform anything.
  server.httpServer?.once("listening", () => void serveAgain(session, before, tell));
  const endLooking = lookWhenWatching(server, () => {
    saves.find();
    // A save that nobody has told is found by a look at all that is in use.
    session.builds?.look();
    session.reloads.settle().catch((error: unknown) => session.warn(messageOf(error)));
  });
  // The first time is when this server begins to close: what is saved from then on may be told by nobody.
  let usedAt: number | undefined;
  const stopCollecting = collectBy(root, () => {
    rememberGiven(root, id, { digests: digestsOf(server), environment });
    const paths = session.routes.table().routes.map(({ path }) => path);
    rememberPages(root, {
      used: paths.filter((path) => isUsed(session, path)),
      usedAt: (usedAt ??= Date.now()),
    });
  });
  return {
    async adopt(page) {
      const given = pageMemoryOf(root).given.get(page.server ?? "");
      if (given === undefined) return "Nobody knows any more what it has been given.";
      if (given.environment !== environment) return "The environment that browsers see has other values.";
      const { reload, saved } = await adoptPage(server, page, given.digests);
      // The page hears first that it is known.
      setImmediate(() => saves.tell(saved));
      return reload;
    },
    async tellSaves() {
      saves.find();
      await savesTold(server);
    },
    end() {
      endLooking();
      stopCollecting();
    },
  };
}

/** Saves of files of the browser that no watcher has told of. */
class MissedSaves {
  readonly #server: ViteDevServer;
  readonly #since = Date.now();
  readonly #told = new Map<string, number>();

  constructor(server: ViteDevServer) {
    this.#server = server;
    server.watcher.on("change", (file) => this.#told.set(file, savedAt(file)));
  }

  /** Files were saved since a page has loaded them. */
  tell(files: readonly string[]): void {
    for (const file of files) {
      const at = savedAt(file);
      if (this.#told.get(file) === at || at === 0) continue;
      this.#told.set(file, at);
      this.#server.watcher.emit("change", file);
    }
  }

  /** Look at all that was transformed. */
  find(): void {
    const files = [...this.#server.environments.client.moduleGraph.fileToModulesMap.keys()];
    this.tell(files.filter((file) => savedAt(file) > this.#since));
  }
}

function lookWhenWatching({ watcher }: ViteDevServer, look: () => void): () => void {
  let timers: readonly NodeJS.Timeout[] = [];
  const onReady = (): void => {
    look();
    timers = LOOK_AGAIN_MS.map((ms) => setTimeout(look, ms).unref());
  };
  watcher.once("ready", onReady);
  return () => {
    watcher.off("ready", onReady);
    for (const timer of timers) clearTimeout(timer);
  };
}

/**
 * Routes that were in use are in use again, so that a save of what they are built from is told. What was saved since then is
 * told now: they begin with it.
 */
async function serveAgain(
  session: Session,
  { used, usedAt }: PageMemory,
  tell: (message: PageMessage) => void,
): Promise<void> {
  const { routes, reloads, runtime, names } = session;
  for (const { path, file } of routes.table().routes.filter((route) => used.includes(route.path))) {
    if (isUsed(session, path) || session.isClosed) continue;
    const entry = routes.entryOf({ file });
    const { status } = await reloads.ready(entry);
    const closure = [...runtime.closureOf(entry)].flatMap((module) => module.file ?? []);
    const files = closure.filter((name) => savedAt(name) > usedAt).map((name) => names.relative(name));
    if (status === "broken" || files.length === 0) continue;
    tell({
      name: "route-updated",
      detail: { routePath: path, filePath: file, files, ms: 0, kept: [], reset: [] },
    });
  }
}

function isUsed({ routes, reloads }: Session, route: string): boolean {
  const entry = routes.entryOfPath(route);
  return entry !== undefined && reloads.readinessOf(entry) !== undefined;
}
