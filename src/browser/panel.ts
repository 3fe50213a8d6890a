import type {
  GraphAnswer,
  PanelNews,
  PanelParts,
  SessionParts,
  StateAnswer,
  StateQuestion,
} from "../protocol/panel.ts";
import type { ReloadReport, Report } from "../protocol/report.ts";
import type { PageChannel, PageConnection } from "./page-channel.ts";
import { PanelTimeline } from "./panel-timeline.ts";

/** Who knows what the panel shows; another one follows after each restart. */
export interface PanelSource {
  parts(): SessionParts;
  /** The last reload with what was closed after its report. */
  lastReload(): ReloadReport | undefined;
  answerAboutState(question: StateQuestion): StateAnswer;
  graph(): Promise<GraphAnswer>;
}

/** Whoever looks is told at most so often. */
const QUIET_MS = 100;
/** Requests change counts and states, and nobody tells of that. */
const LOOK_AGAIN_MS = 1_000;

/** Who may see and change values, and who may not, is told. */
const ONLY_HERE =
  "Values are shown and changed only on the computer that the server runs on. Open the panel there, at its localhost address.";

/** What somebody who looks at the panel has been told. */
interface Viewer {
  readonly told: Map<string, string>;
  stamp: number;
}

/** Tells the pages with the live panel what they show, and answers what they ask. While none is open it keeps a short timeline, and does nothing else. */
export class Panel {
  readonly #channel: PageChannel;
  readonly #timeline = new PanelTimeline();
  readonly #viewers = new Map<PageConnection, Viewer>();
  #source: PanelSource | undefined;
  #next: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #lastTold = -QUIET_MS;

  constructor(channel: PageChannel) {
    this.#channel = channel;
    channel.on("orbit:panel-open", (_data, _tab, connection) => this.#open(connection));
    channel.on("orbit:panel-close", (_data, _tab, connection) => void this.#viewers.delete(connection));
    channel.on("orbit:panel-state", (question, _tab, connection) => this.#answer(question, connection));
    channel.on("orbit:applied", ({ version, result }, tab) => {
      if (tab === undefined) return;
      this.#timeline.noteApplied(version, { id: tab.id, url: tab.url, result });
      if (this.#viewers.size > 0) this.#tellIn(0);
    });
    channel.on("orbit:panel-graph", (_data, _tab, connection) => void this.#sendGraph(connection));
  }

  /** From now on this is what panels are told. Returns what ends that. */
  serveBy(source: PanelSource): () => void {
    this.#source = source;
    return () => {
      if (this.#source !== source) return;
      this.#source = undefined;
      // The pages come back to the next server with sockets of their own.
      this.#viewers.clear();
      this.#rest();
    };
  }

  /** Keep what users are told. */
  note(report: Report): void {
    this.#timeline.note(report);
    if (this.#viewers.size > 0) this.#tellIn(0);
  }

  #open(connection: PageConnection): void {
    this.#viewers.set(connection, { told: new Map(), stamp: 0 });
    this.#tellIn(0);
  }

  #answer(question: StateQuestion, connection: PageConnection): void {
    if (this.#source === undefined) return;
    const data: StateAnswer = connection.isLocal
      ? this.#source.answerAboutState(question)
      : { ask: question.ask, refusal: ONLY_HERE };
    connection.send({ type: "custom", event: "orbit:panel-state", data });
    if (question.wish !== "read") this.#tellIn(0);
  }

  /** A graph is large, and needs time to be read: it is sent to who asks, and to nobody else. */
  async #sendGraph(connection: PageConnection): Promise<void> {
    const source = this.#source;
    if (source === undefined) return;
    connection.send({ type: "custom", event: "orbit:panel-graph", data: await source.graph() });
  }

  #tellIn(ms: number): void {
    const now = performance.now();
    const dueAt = Math.max(now + ms, this.#lastTold + QUIET_MS);
    if (this.#next !== undefined && this.#dueAt <= dueAt) return;
    this.#rest();
    this.#dueAt = dueAt;
    this.#next = setTimeout(() => this.#tell(), dueAt - now);
    this.#next.unref();
  }

  #rest(): void {
    clearTimeout(this.#next);
    this.#next = undefined;
  }

  #tell(): void {
    this.#rest();
    const here = new Set(this.#channel.tabs.map(({ connection }) => connection));
    for (const connection of this.#viewers.keys())
      if (!here.has(connection)) this.#viewers.delete(connection);
    if (this.#source === undefined || this.#viewers.size === 0) return;
    const lastReload = this.#source.lastReload();
    if (lastReload !== undefined) this.#timeline.amend(lastReload);
    const parts: PanelParts = { ...this.#source.parts(), tabs: this.#tabs() };
    const texts = Object.entries(parts).map(([name, part]) => ({ name, part, text: JSON.stringify(part) }));
    for (const [connection, viewer] of this.#viewers) {
      const others = texts.filter(({ name, text }) => viewer.told.get(name) !== text);
      const timeline = this.#timeline.since(viewer.stamp);
      if (others.length === 0 && timeline.length === 0) continue;
      for (const { name, text } of others) viewer.told.set(name, text);
      viewer.stamp = this.#timeline.stamp;
      const data: PanelNews = {
        parts: Object.fromEntries(others.map(({ name, part }) => [name, part])),
        timeline,
      };
      connection.send({ type: "custom", event: "orbit:panel-data", data });
    }
    this.#lastTold = performance.now();
    this.#tellIn(LOOK_AGAIN_MS);
  }

  #tabs(): PanelParts["tabs"] {
    return this.#channel.tabs.map(({ id, url, isVisible, connection: { isLocal } }) => {
      return { id, url, isVisible, isLocal };
    });
  }
}
