import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PageChannel } from "../../src/browser/page-channel.ts";
import type { Frame, PageConnection } from "../../src/browser/page-channel.ts";
import { Panel } from "../../src/browser/panel.ts";
import { PanelTimeline } from "../../src/browser/panel-timeline.ts";
import { TIMELINE_LENGTH } from "../../src/protocol/panel.ts";
import type { PanelNews, SessionParts } from "../../src/protocol/panel.ts";
import type { ReloadReport } from "../../src/protocol/report.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
afterEach(() => void vi.useRealTimers());

const SAVED: ReloadReport = {
  event: "reload",
  strategy: "single",
  reason: "lib/price.ts changed",
  files: ["lib/price.ts"],
  routes: ["/api/price"],
  ms: 3,
  ran: ["lib/price.ts"],
  kept: [],
  reset: [],
  closed: [],
  version: 2,
  summary: "lib/price.ts changed → /api/price",
};

const PARTS: SessionParts = {
  overview: {
    version: 1,
    hmr: {
      preserveState: true,
      debounceMs: 100,
      commits: 1,
      failures: 0,
      retries: 0,
      skipped: 0,
      byStrategy: { none: 0, asset: 0, single: 0, selective: 0, full: 0, config: 0 },
      lastReload: null,
      reloadMs: { p50: 0, p95: 0, max: 0 },
    },
    dependencies: { modules: 1, edges: 0, files: 1, cycles: 0 },
    build: null,
    clients: 1,
    hasGraph: true,
  },
  routes: [],
  cache: [],
  state: [],
  resources: [],
  errors: [],
};

const NONE = { shown: [], more: 0 };

function opened(): {
  readonly panel: Panel;
  readonly channel: PageChannel;
  readonly connection: PageConnection;
  /** What was sent since the last call. */
  readonly told: () => PanelNews[];
  readonly parts: ReturnType<typeof vi.fn<() => SessionParts>>;
  readonly end: () => void;
} {
  const channel = new PageChannel();
  const panel = new Panel(channel);
  const parts = vi.fn<() => SessionParts>(() => PARTS);
  const end = panel.serveBy({
    parts,
    lastReload: () => undefined,
    answerAboutState: ({ ask }) => ({ ask, view: { json: "1", rows: NONE, history: NONE } }),
    graph: async () => ({ refusal: "There is none." }),
  });
  const frames: Frame[] = [];
  const connection: PageConnection = {
    isLocal: true,
    server: "server",
    send: (frame) => void frames.push(frame),
  };
  channel.receive("orbit:register", { tab: "a", url: "/__hmr_status", isVisible: true }, connection);
  const told = (): PanelNews[] =>
    frames.splice(0).flatMap(({ event, data }) => (event === "orbit:panel-data" ? [data as PanelNews] : []));
  return { panel, channel, connection, told, parts, end };
}

test("while no panel is open nothing is looked up, and no timer runs", () => {
  const { panel, parts, told } = opened();
  for (let version = 0; version < 1_000; version++) panel.note({ ...SAVED, version });
  expect(vi.getTimerCount()).toBe(0);
  expect(parts).not.toHaveBeenCalled();
  expect(told()).toEqual([]);
});

test("who opens the panel is told everything once, and then what is another", () => {
  const { panel, channel, connection, told, parts } = opened();
  panel.note(SAVED);
  channel.receive("orbit:panel-open", {}, connection);
  vi.advanceTimersByTime(100);
  const [first, ...others] = told();
  expect(others).toEqual([]);
  expect(first?.parts).toEqual({
    ...PARTS,
    tabs: [{ id: "a", url: "/__hmr_status", isVisible: true, isLocal: true }],
  });
  expect(first?.timeline).toMatchObject([{ number: 1, fact: { event: "reload", version: 2 } }]);
  vi.advanceTimersByTime(5_000);
  expect(told()).toEqual([]);
  const overview = { ...PARTS.overview, version: 3 };
  parts.mockReturnValue({ ...PARTS, overview });
  panel.note({ ...SAVED, version: 3 });
  vi.advanceTimersByTime(100);
  expect(told()).toMatchObject([{ parts: { overview }, timeline: [{ number: 2 }] }]);
});

test("a thousand saves in a second are ten messages at most", () => {
  const { panel, channel, connection, told } = opened();
  channel.receive("orbit:panel-open", {}, connection);
  vi.advanceTimersByTime(500);
  told();
  for (let version = 0; version < 1_000; version++) {
    panel.note({ ...SAVED, version });
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(100);
  const messages = told();
  expect(messages.length).toBeLessThanOrEqual(11);
  expect(messages.at(-1)?.timeline.at(-1)?.fact.version).toBe(999);
});

test.each<[string, (all: ReturnType<typeof opened>) => void]>([
  ["is closed", ({ channel, connection }) => channel.receive("orbit:panel-close", {}, connection)],
  ["is gone", ({ channel, connection }) => channel.leave(connection)],
  ["has another server", ({ end }) => end()],
])("a panel that %s is told nothing, and nothing is looked up for it", (_how, leave) => {
  const all = opened();
  all.channel.receive("orbit:panel-open", {}, all.connection);
  vi.advanceTimersByTime(200);
  leave(all);
  all.told();
  vi.advanceTimersByTime(2_000);
  all.parts.mockClear();
  all.panel.note(SAVED);
  vi.advanceTimersByTime(2_000);
  expect(all.told()).toEqual([]);
  expect(all.parts).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test.each<["this" | "another", boolean, object]>([
  ["this", true, { view: { json: "1" } }],
  ["another", false, { refusal: expect.stringMatching(/only on the computer that the server runs on/) }],
])("a page on %s computer that asks for a value gets its answer", (_where, isLocal, answer) => {
  const { channel } = opened();
  const frames: Frame[] = [];
  const connection: PageConnection = { isLocal, server: "server", send: (frame) => void frames.push(frame) };
  for (const wish of ["read", "write", "reset"] as const)
    channel.receive("orbit:panel-state", { ask: 7, kind: "store", id: "cart", wish, text: "1" }, connection);
  expect(frames).toHaveLength(3);
  for (const { event, data } of frames) {
    expect(event).toBe("orbit:panel-state");
    expect(data).toMatchObject({ ask: 7, ...answer });
  }
});

test("a timeline has a length, and lines have one", () => {
  const timeline = new PanelTimeline();
  const routes = Array.from({ length: 5_000 }, (_, at) => `/api/${at}`);
  for (let version = 1; version <= 1_000; version++) timeline.note({ ...SAVED, version, routes });
  const all = timeline.since(0);
  expect(all).toHaveLength(TIMELINE_LENGTH);
  expect(all.at(-1)?.fact).toMatchObject({ version: 1_000, routes: { more: 4_950 } });
  expect(JSON.stringify(all).length).toBeLessThan(500_000);
});

test("what is closed after its line is told becomes part of the line", () => {
  const timeline = new PanelTimeline();
  timeline.note(SAVED);
  const { stamp } = timeline;
  timeline.amend(SAVED);
  expect(timeline.since(stamp)).toEqual([]);
  const closed = [{ kind: "timer", module: "lib/price.ts", count: 2 }];
  timeline.amend({ ...SAVED, closed, summary: `${SAVED.summary}; closed 2 timers` });
  expect(timeline.since(stamp)).toMatchObject([{ number: 1, fact: { closed: { shown: closed, more: 0 } } }]);
});

test("a page that has taken in a commit is named by its line, once, whichever comes first", () => {
  const timeline = new PanelTimeline();
  const tab = { id: "a", url: "/", result: "applied" } as const;
  // Pages hear of a commit before it is quiet, and a burst may have several.
  timeline.noteApplied(1, tab);
  timeline.noteApplied(2, tab);
  timeline.note(SAVED);
  timeline.note({ ...SAVED, version: 3 });
  const { stamp } = timeline;
  timeline.noteApplied(3, { ...tab, result: "failed" });
  timeline.noteApplied(3, { id: "b", url: "/b", result: "applied" });
  expect(timeline.since(0)).toMatchObject([
    { number: 1, fact: { tabs: { shown: [tab], more: 0 } } },
    { number: 2, fact: { tabs: { shown: [{ id: "a", result: "failed" }, { id: "b" }], more: 0 } } },
  ]);
  expect(timeline.since(stamp)).toHaveLength(1);
});

test("notices are no line of the timeline", () => {
  const timeline = new PanelTimeline();
  timeline.note({ event: "notice", level: "info", message: "Hello." });
  expect(timeline.since(0)).toEqual([]);
});
