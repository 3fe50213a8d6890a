import type { BuildState } from "../protocol/build.ts";
import { countMessage, lastMessage } from "../protocol/counters.ts";
import type { PageEventName, ReloadError, Sent } from "../protocol/page-events.ts";
import { PAGE_EVENT_PREFIX } from "../protocol/page-events.ts";
import type { PageMessage } from "../protocol/page-events.ts";
import type { ModuleUpdate } from "../protocol/module-updates.ts";
import type { FromPage, FromPageName, Registration, ToPage, ToPageName } from "../protocol/page-wire.ts";
import { FrameRing } from "./frame-ring.ts";

/** A message as Vite sends it over its websocket. */
export interface Frame {
  readonly type: string;
  readonly event?: string | undefined;
  readonly data?: unknown;
}

/** One socket of a page. */
export interface PageConnection {
  send(frame: Frame): void;
  /** The server that it leads to. */
  readonly server: string;
  /** Whether the page is on this very computer. */
  readonly isLocal: boolean;
}

/** A page that is open. */
export interface Tab {
  readonly connection: PageConnection;
  readonly id: string;
  readonly url: string;
  readonly isVisible: boolean;
}

/** A server behind the pages. Another one follows after each restart; a project may also have several. */
export interface PagesServer {
  /** Another for each server. */
  readonly id: string;
  /** When it began, in epoch milliseconds. */
  readonly begunAt: number;
  /** Sends a numbered frame to all pages that are connected with it. */
  broadcast(frame: Frame): void;
  /** Counts commits. */
  version(): number;
  /** What is broken now. */
  errors(): readonly ReloadError[];
  /** What builds have come to, where something is built. */
  buildStatus(): BuildState["status"] | undefined;
  /** In which components what is saved is ahead of what is built. */
  ahead(): readonly ModuleUpdate[];
  /** Know what a page has loaded, so that it can be updated. Returns why it has to be loaded again, if it has to. */
  adopt(page: Registration): Promise<string | undefined>;
  /** Resolves when pages have been told of all that is saved by now. */
  tellSaves(): Promise<void>;
}

/** So much later than it happens is heard of at the latest that a document is there. */
const MAX_DELAY_MS = 5_000;

type TabListener = (data: never, tab: Tab | undefined, connection: PageConnection) => void;

/**
 * What is said between a project and its pages: every message has a number, the last ones are kept for pages that were away,
 * and who is there is known. It outlives the servers behind it.
 */
export class PageChannel {
  readonly #ring = new FrameRing(lastMessage().seq);
  readonly #tabs = new Map<PageConnection, Tab>();
  readonly #listeners = new Map<FromPageName, Set<TabListener>>();
  /** The newest is the last. */
  readonly #servers = new Map<string, PagesServer>();

  constructor() {
    this.on("orbit:register", (page, _tab, connection) => void this.#register(page, connection));
    this.on("orbit:shown", ({ isVisible }, tab, connection) => {
      if (tab !== undefined) this.#tabs.set(connection, { ...tab, isVisible });
    });
  }

  /** Who is there, in the order in which they came. */
  get tabs(): readonly Tab[] {
    return [...this.#tabs.values()];
  }

  /** From now on this server is behind the pages, too. Returns what ends that. */
  serveBy(server: PagesServer): () => void {
    this.#servers.set(server.id, server);
    return () => void this.#servers.delete(server.id);
  }

  /** Tell all pages. */
  send<Name extends ToPageName>(event: Name, data: Omit<ToPage[Name], keyof Sent>): void {
    this.#sendAll({ type: "custom", event, data });
  }

  /** Tell all pages what they may listen to. */
  tell({ name, detail }: PageMessage): void {
    this.#sendAll({
      type: "custom",
      event: `${PAGE_EVENT_PREFIX}${name satisfies PageEventName}`,
      data: detail,
    });
  }

  /** Resolves when pages have been told of all that is saved by now. */
  async tellSaves(): Promise<void> {
    await Promise.all([...this.#servers.values()].map(async (server) => server.tellSaves()));
  }

  /** Number a frame that goes to all pages, and keep it for those that are away. */
  number(frame: Frame): Frame {
    const count = countMessage();
    const numbered = { ...frame, seq: count.seq };
    if (isOurs(frame))
      numbered.data = { ...asObject(frame.data), ...count, version: this.#newest?.version() ?? 0 };
    this.#ring.push(numbered);
    return numbered;
  }

  /** Listen to what pages say. Returns what ends it. */
  on<Name extends FromPageName>(
    name: Name,
    listener: (data: FromPage[Name], tab: Tab | undefined, connection: PageConnection) => void,
  ): () => void {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all);
    all.add(listener);
    return () => void all.delete(listener);
  }

  /** A page has said something, which has been checked. */
  receive<Name extends FromPageName>(name: Name, data: FromPage[Name], connection: PageConnection): void {
    const tab = this.#tabs.get(connection);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- who listens to a name takes what comes with it
    for (const listener of this.#listeners.get(name) ?? []) listener(data as never, tab, connection);
  }

  /** A page is gone, or away. */
  leave(connection: PageConnection): void {
    this.#tabs.delete(connection);
  }

  get #newest(): PagesServer | undefined {
    return [...this.#servers.values()].at(-1);
  }

  #sendAll(frame: Frame): void {
    const numbered = this.number(frame);
    for (const server of this.#servers.values()) server.broadcast(numbered);
  }

  async #register(page: Registration, connection: PageConnection): Promise<void> {
    const { tab: id, url, isVisible } = page;
    this.#tabs.set(connection, { connection, id, url, isVisible });
    const server = this.#servers.get(connection.server);
    if (server === undefined) return;
    // What was told before the document was asked for does not concern it, however old its HTML is.
    const since = page.age === undefined ? 0 : Date.now() - page.age - MAX_DELAY_MS;
    const isKnown = page.server === undefined || page.server === server.id;
    const reason = isKnown ? undefined : await server.adopt(page);
    // Of the same turn as the answer: nothing can come between.
    const { build, seq } = lastMessage();
    const hasHeard = page.build === build && page.seq !== undefined;
    const missed = hasHeard ? this.#ring.after(page.seq, since) : [];
    const hasReason = reason !== undefined && server.begunAt >= since;
    const data: ToPage["orbit:hello"] = {
      build,
      seq,
      version: server.version(),
      server: server.id,
      missed: missed ?? [],
      errors: server.errors(),
      buildStatus: server.buildStatus(),
      components: server.ahead(),
      reload: hasReason ? reason : missed === undefined ? "It was away for too long." : undefined,
    };
    connection.send({ type: "custom", event: "orbit:hello", data });
  }
}

function isOurs({ type, event }: Frame): boolean {
  return type === "custom" && event !== undefined && /^(?:orbit|api-hmr):/.test(event);
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
