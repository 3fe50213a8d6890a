import { PAGE_EVENT_PREFIX, PAGE_EVENTS } from "../protocol/page-events.ts";
import type { PageEventName, PageEvents } from "../protocol/page-events.ts";
import { dropStored, hubOf } from "./page-hub.ts";
import type { PageHub, ServerLink } from "./page-hub.ts";
import { followServer } from "./page-state.ts";
import { followAssets } from "./follow-assets.ts";
import { followModules } from "./modules/follow-modules.ts";
import { followReloads } from "./reload/follow-reloads.ts";
import { healProblemPage } from "./problem-page.ts";
import { answerSettling } from "./settling.ts";
import { tellApplied } from "./tell-applied.ts";
import { patternBelow, patternOf } from "./route-pattern.ts";

/** What `/@vite/client` exports, as far as it is used. */
interface ViteClient {
  readonly createHotContext: (owner: string) => {
    readonly on: (event: string, listener: (payload: never) => unknown) => void;
    readonly send: (event: string, data?: unknown) => void;
  };
}

const hub = hubOf(window);
if (hub !== undefined) void connect(hub);

/** Vite's client has the socket: a page with it has one connection. */
async function connect(page: PageHub): Promise<void> {
  // Not an import that is bundled: it is the server's own, at the place that its base says.
  const address = `${page.base}@vite/client`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what Vite serves there
  const { createHotContext } = (await import(/* @vite-ignore */ address)) as ViteClient;
  const hot = createHotContext("/@orbit/page.js");
  const link: ServerLink = {
    send: (name, data) => hot.send(name, data),
    on: (name, listener) => hot.on(name, listener),
  };
  const noteTold = tellApplied(page, link);
  for (const name of PAGE_EVENTS)
    hot.on(`${PAGE_EVENT_PREFIX}${name}`, (detail: PageEvents[PageEventName]) => {
      if (name === "route-updated" && "routePath" in detail) void dropRoute(page, detail.routePath);
      page.emit(name, detail);
      if (name !== "reload-error" && "version" in detail) noteTold(detail.version);
    });
  if (page.problemMethod !== undefined) healProblemPage(page, link, page.problemMethod);
  else followServer(page, link, hot);
  let isConnected = false;
  page.on("disconnected", () => (isConnected = false));
  link.on("orbit:hello", () => {
    if (!isConnected) page.emit("connected", {});
    isConnected = true;
  });
  if (!page.hasDelivery) {
    hot.on("vite:ws:disconnect", () => page.emit("disconnected", {}));
    const { pathname, search } = location;
    link.send("orbit:register", { tab: page.tab, url: pathname + search, isVisible: !document.hidden });
  }
  document.addEventListener("visibilitychange", () =>
    link.send("orbit:shown", { isVisible: !document.hidden }),
  );
  // It comes first: what is told of modules is told before what is told of files.
  const taken = followModules(page, link);
  followReloads(page, link, hot, taken);
  followAssets(page, link, hot);
  answerSettling(page, link, hot);
  page.reach(link);
}

/** What was stored of a route was answered by code that is gone. */
async function dropRoute({ apiPrefix }: PageHub, route: string): Promise<void> {
  const all = patternBelow(apiPrefix);
  const pattern = route === "*" ? all : patternOf(route);
  await dropStored(({ pathname }) => pattern.test(pathname));
}
