import type { ModuleHandlers, ModulesHandler, Orbit } from "./modules/module-handlers.ts";
import { Outcomes } from "./outcomes.ts";
import { PageListeners } from "./page-listeners.ts";
import { PageWork } from "./page-work.ts";
import type { ClearedCaches, PageEventName, PageEvents } from "../protocol/page-events.ts";
import type { FromPage, FromPageName, ToPage, ToPageName } from "../protocol/page-wire.ts";
import { messageOf } from "../protocol/message-of.ts";
import type { StatusDocument } from "../protocol/status.ts";
import type { ProblemStore } from "./overlay/problem-store.ts";

declare global {
  interface Window {
    /** Parts of a page that are updated in place. */
    orbit: Orbit;
    /**
     * Take updates that nobody has accepted by name.
     *
     * @returns what ends it
     */
    __ORBIT_REGISTER_HMR_HANDLER(handler: ModulesHandler): () => void;
    /** What the server tells of API routes. */
    apiHMR: ApiHmr;
    /** What the server says about itself: routes, state by name, the last reload, errors. */
    getHMRStatus(): Promise<StatusDocument>;
    /**
     * Empties Cache Storage under the API's prefix, and the `createCache` caches of the server. Rejects after 5 s without
     * an answer.
     */
    clearApiCache(): Promise<ClearedCaches>;
  }
}

/** What pages have as `window.apiHMR`. */
export interface ApiHmr {
  /**
   * Listen to what the server tells of API routes.
   *
   * @param event its name; an unknown one is an error that names the nearest
   * @param callback called with each message; what it throws is logged and stops nobody else. A promise that it returns is
   * waited for by `orbiton settle --tabs`
   * @returns what ends it
   * @throws {TypeError} for an unknown event, or a callback that is no function
   */
  on<Name extends PageEventName>(event: Name, callback: (detail: PageEvents[Name]) => unknown): () => void;
}

/** What a page says to the server, and hears. */
export interface ServerLink {
  send<Name extends FromPageName>(name: Name, data: FromPage[Name]): void;
  on<Name extends ToPageName>(name: Name, listener: (data: ToPage[Name]) => void): void;
}

/** What Vite's client tells whoever asks. It waits for those who return a promise. */
export interface ViteNews {
  readonly on: (event: string, listener: (payload: never) => unknown) => void;
}

/** How the script that reaches the server gets at the page: it is loaded after everything of the page that runs at once. */
export interface PageHub extends ApiHmr {
  /** Hand a message to whoever listens. */
  emit(event: PageEventName, detail: unknown): void;
  /** The server can be reached. */
  reach(link: ServerLink): void;
  /** Resolves with what {@link reach} was called with: what is asked before waits until then. */
  readonly reached: Promise<ServerLink>;
  readonly isReached: boolean;
  /** Load the page again; whoever uses it goes on where they were. Returns whether that is going to be. */
  reload(reason: string): boolean;
  /** For so many milliseconds, a page that goes away does so because Vite's client has loaded it again. */
  expectReload(ms: number): void;
  /** What becomes of messages of the server. */
  readonly outcomes: Outcomes;
  /** Who takes updates of modules, in pages that have the client from their beginning. */
  readonly modules: ModuleHandlers | undefined;
  /** What is under way because of them. */
  readonly work: PageWork;
  /** The HTML file that the page shows, relative to the root, where the server knows it. */
  readonly html: string | undefined;
  /** The text that the document is like, by its digest, where its address answers with it. */
  text: string | undefined;
  /** Names the document, until it is left. */
  readonly tab: string;
  /** Whether the socket is one that lasts, and that says by itself that the page is there. */
  readonly hasDelivery: boolean;
  /** Below which path the server has its own pages, with a slash at the end. */
  readonly base: string;
  readonly apiPrefix: string;
  /** What is broken, and shown. */
  readonly problems: ProblemStore;
  /** Whether errors may cover the page. */
  readonly showsOverlay: boolean;
  /** The page stands for one that is not built yet. */
  readonly awaitsBuild: boolean;
  /** How the page was asked for, where it is the server's own page about a problem: that is shown already. */
  readonly problemMethod?: string | undefined;
}

/** Where the hub of a page is: one, however often the client is loaded. */
export const HUB: symbol = Symbol.for("orbit-hmr:page@1");

/** The hub of a page, once the first script of it has run. */
export function hubOf(page: object): PageHub | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one name, one type
  return Reflect.get(page, HUB) as PageHub | undefined;
}

/** What is known of a page before anything of it has run. */
export type HubPlace = Pick<PageHub, "base" | "apiPrefix" | "hasDelivery" | "problems" | "showsOverlay"> &
  Partial<
    Pick<PageHub, "html" | "text" | "awaitsBuild" | "modules" | "problemMethod" | "reload" | "expectReload">
  >;

/** Tell whoever looks into the console. */
export function say(text: string): void {
  // oxlint-disable-next-line no-console -- in a page there is nothing else to tell it with
  console.info(`[orbit] ${text}`);
}

/** Make what a page can listen to. Nothing of it needs the server. */
export function createPageHub(place: HubPlace): PageHub {
  const work = new PageWork();
  const outcomes = new Outcomes();
  const listeners = new PageListeners(work, (event, detail, error) => {
    // oxlint-disable-next-line no-console -- in a page there is nothing else to tell it with
    console.error(`[orbit] A listener of "${event}" has thrown:`, error);
    const seq: unknown =
      typeof detail === "object" && detail !== null ? Reflect.get(detail, "seq") : undefined;
    const reason = `A listener of "${event}" has thrown: ${messageOf(error)}`;
    if (typeof seq === "number") outcomes.tell({ seq, result: "failed", reason });
  });
  let reach: PageHub["reach"] | undefined;
  let isReached = false;
  const reached = new Promise<ServerLink>((resolve) => {
    reach = resolve;
  });
  return {
    html: undefined,
    text: undefined,
    modules: undefined,
    awaitsBuild: false,
    reload() {
      location.reload();
      return true;
    },
    expectReload: () => undefined,
    ...place,
    outcomes,
    work,
    tab: Math.random().toString(36).slice(2),
    reach(link) {
      isReached = true;
      reach?.(link);
    },
    reached,
    get isReached() {
      return isReached;
    },
    on: (event, callback) => listeners.on(event, callback),
    emit: (event, detail) => listeners.emit(event, detail),
  };
}

/** What the server says about itself. Rejects where it cannot be had. */
export async function askStatus({ base }: PageHub): Promise<StatusDocument> {
  const response = await fetch(`${base}__hmr_status`, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`The status cannot be had: the server answers ${response.status}.`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this server's own answer
  return (await response.json()) as StatusDocument;
}

/** Empties this origin's Cache Storage under the API's prefix, and the caches of the server. */
export async function clearCaches(hub: PageHub): Promise<ClearedCaches> {
  const [browser, server] = await Promise.all([
    dropStored((url) => isBelow(url, hub.apiPrefix)),
    withinPatience(hub.reached.then(clearServerCaches)),
  ]);
  return { browser, server };
}

/** Who asks first is answered first. */
const asking: ((entries: number) => void)[] = [];
let isListening = false;

async function clearServerCaches(link: ServerLink): Promise<number> {
  if (!isListening) link.on("orbit:caches-cleared", ({ entries }) => asking.shift()?.(entries));
  isListening = true;
  return new Promise((resolve) => {
    asking.push(resolve);
    link.send("orbit:clear-caches", {});
  });
}

/** How long the server may take to answer a page. */
const ANSWER_MS = 5_000;

async function withinPatience<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const tooLong = (): void =>
      reject(new Error("The server has not answered: its caches may be as they were."));
    const patience = setTimeout(tooLong, ANSWER_MS);
    answer.finally(() => clearTimeout(patience)).then(resolve, reject);
  });
}

/** Drop what Cache Storage has of this origin. Returns how much that was. */
export async function dropStored(matches: (url: URL) => boolean): Promise<number> {
  // Where a page is not secure there is none.
  if (typeof caches === "undefined") return 0;
  let dropped = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const url = new URL(request.url);
      if (url.origin === location.origin && matches(url) && (await cache.delete(request))) dropped++;
    }
  }
  return dropped;
}

function isBelow({ pathname }: URL, prefix: string): boolean {
  return pathname === prefix || pathname.startsWith(`${prefix}/`);
}
