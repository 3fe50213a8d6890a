import { describe, expect, test } from "vitest";
import type { Report } from "../../src/protocol/report.ts";
import type { ModuleRecord, RunReason } from "../../src/runtime/index.ts";
import type { QuietEvent, SessionEvent, ShownProblem } from "../../src/session/events.ts";
import { PublicNames } from "../../src/session/public-names.ts";
import { changesIn } from "../../src/session/reload-report.ts";
import { SessionLog } from "../../src/session/session-log.ts";
import { NOTHING_HAPPENED, viewAfter } from "../../src/session/session-view.ts";
import type { SessionView } from "../../src/session/session-view.ts";
import { settlementOf } from "../../src/session/settle.ts";
import { errorsIn, reloadsIn } from "../../src/session/status.ts";

// The events of a session are all that its reports, its status and its answer to `settle` are made from: here they
// are written down, and nothing is served.

let time = 0;

const seen = (...files: readonly string[]): SessionEvent => ({
  type: "seen",
  time: ++time,
  tookMs: 0,
  files,
  environment: [],
  settings: [],
  places: [],
});

const commit = (
  version: number,
  ran: Readonly<Record<string, RunReason["kind"]>>,
  more: Partial<Extract<SessionEvent, { type: "committed" }>["commit"]> = {},
): SessionEvent => ({
  type: "committed",
  time: ++time,
  commit: {
    version,
    ran: new Map(Object.entries(ran).map(([name, kind]) => [moduleOf(name), { kind } as RunReason])),
    spared: new Set(),
    pruned: new Set(),
    kept: [],
    reset: [],
    outdated: [],
    ...more,
  },
});

const closed = (version: number): SessionEvent => ({
  type: "closed",
  version,
  closed: [{ kind: "timer", module: "a.ts", count: 2 }],
});

const broke = (entry: string, problem: Partial<ShownProblem> = {}, retries = 0): SessionEvent => ({
  type: "broke",
  at: 5,
  entry,
  route: `/api/${entry}`,
  problem: { message: "Unexpected token", file: "lib/n.ts", offersRestart: false, routes: [], ...problem },
  retries,
});

const recovered = (...entries: readonly string[]): SessionEvent => ({ type: "recovered", entries });

const routes = (change: Partial<Extract<SessionEvent, { type: "routes" }>>): SessionEvent => ({
  type: "routes",
  time: ++time,
  added: [],
  gone: [],
  abandoned: [],
  ...change,
});

const settled: SessionEvent = { type: "settled" };

/** It is quiet: what the events say of the files, and the routes that they reach. */
const quiet = (...reached: readonly string[]): ((events: readonly SessionEvent[]) => QuietEvent) =>
  quietWith({ reach: { routes: reached, isCut: false } });

function quietWith(more: Partial<QuietEvent>): (events: readonly SessionEvent[]) => QuietEvent {
  return (events) => ({
    type: "quiet",
    changes: changesIn(viewOf(events).burst, () => false),
    reach: { routes: [], isCut: false },
    unloaded: [],
    state: { kept: [], reset: [] },
    fullReloadThreshold: 50,
    isBuilding: false,
    ...more,
  });
}

type Step = SessionEvent | ReturnType<typeof quiet>;

function atTime(event: SessionEvent, ms: number): SessionEvent {
  return { ...event, time: ms } as SessionEvent;
}

function eventsOf(steps: readonly Step[]): readonly SessionEvent[] {
  const events: SessionEvent[] = [];
  for (const step of steps) events.push(typeof step === "function" ? step(events) : step);
  return events;
}

function told(events: readonly SessionEvent[]): { view: SessionView; reports: readonly Report[] } {
  let view = NOTHING_HAPPENED;
  const reports: Report[] = [];
  for (const event of events) {
    const next = viewAfter(view, event);
    ({ view } = next);
    reports.push(...next.reports);
  }
  return { view, reports };
}

function viewOf(events: readonly SessionEvent[]): SessionView {
  return told(events).view;
}

function moduleOf(displayName: string): ModuleRecord {
  return { displayName } as unknown as ModuleRecord;
}

const summaries = (reports: readonly Report[]): string[] =>
  reports.map((report) => {
    if (report.event === "reload") return `${report.strategy} v${report.version}: ${report.summary}`;
    if (report.event === "build") return report.summary;
    return report.event === "recovered" ? `recovered ${report.routes.join(", ")}` : report.message;
  });

describe("what users are told", () => {
  test.for<[law: string, steps: readonly Step[], lines: readonly string[]]>([
    ["nothing, while nothing has happened", [quiet()], []],
    ["nothing of a first load", [commit(1, { "a.ts": "new", "lib/n.ts": "new" }), quiet("/api/a")], []],
    [
      "a save of code is one line",
      [seen("a.ts"), commit(2, { "a.ts": "edited" }), quiet("/api/a")],
      ["single v2: a.ts changed → /api/a"],
    ],
    [
      "what several commits made live since it was quiet is one line",
      [
        seen("lib/n.ts"),
        commit(2, { "lib/n.ts": "edited" }),
        commit(3, { "a.ts": "requested" }),
        quiet("/api/a", "/api/b"),
      ],
      ["selective v3: lib/n.ts changed → /api/a, /api/b; ran again a.ts"],
    ],
    [
      "a save that changes nothing that runs",
      [seen("a.ts"), quiet()],
      ["none v0: nothing that runs changed in a.ts"],
    ],
    [
      "two bursts are two lines",
      [seen("a.ts"), commit(2, { "a.ts": "edited" }), quiet("/api/a"), seen("b.ts"), quiet()],
      ["single v2: a.ts changed → /api/a", "none v2: nothing that runs changed in b.ts"],
    ],
    [
      "what is kept and reset, a value that is both as reset",
      [
        seen("a.ts"),
        commit(
          2,
          { "a.ts": "edited" },
          { kept: ["a.ts:hits", "a.ts:n"], reset: [{ name: "a.ts:n", why: "renamed" }] },
        ),
        quietWith({ state: { kept: ["cart"], reset: ["limits"] } }),
      ],
      [
        "none v2: a.ts changed: no route uses it; kept cart, hits; reset limits (preserveState is off), n (renamed)",
      ],
    ],
    [
      "what is closed before it is quiet belongs to the line",
      [seen("a.ts"), commit(2, { "a.ts": "edited" }), closed(2), quiet("/api/a")],
      ["single v2: a.ts changed → /api/a; closed 2 timers"],
    ],
    [
      "what is closed later is told on its own",
      [seen("a.ts"), commit(2, { "a.ts": "edited" }), quiet("/api/a"), closed(2)],
      ["single v2: a.ts changed → /api/a", "Closed after older requests ended (v2): 2 timers."],
    ],
    [
      "what an earlier burst has replaced does not belong to the line of the next",
      [
        seen("a.ts"),
        commit(2, { "a.ts": "edited" }),
        quiet("/api/a"),
        seen("a.ts"),
        closed(2),
        commit(3, { "a.ts": "edited" }),
        quiet("/api/a"),
      ],
      [
        "single v2: a.ts changed → /api/a",
        "Closed after older requests ended (v2): 2 timers.",
        "single v3: a.ts changed → /api/a",
      ],
    ],
    [
      "a new route and a deleted one",
      [
        routes({ added: [{ file: "c.ts", path: "/api/c" }], gone: [{ file: "b.ts", path: "/api/b" }] }),
        quietWith({ unloaded: ["/api/b", "/api/c"] }),
      ],
      ["selective v0: c.ts is new; b.ts is gone → /api/b, /api/c"],
    ],
    [
      "routes that nobody has asked for are counted",
      [
        seen("lib/n.ts"),
        commit(2, { "lib/n.ts": "edited" }),
        quietWith({ reach: { routes: ["/api/a", "/api/b"], isCut: false }, unloaded: ["/api/b"] }),
      ],
      ["selective v2: lib/n.ts changed; 1 of them not loaded yet → /api/a, /api/b"],
    ],
    [
      "a file that appeared instead of the folder that it is in, and of who imports it",
      [
        { ...seen(), folders: ["lib"] } as SessionEvent,
        commit(2, { "lib/leaf.ts": "new", "a.ts": "edited" }),
        quiet("/api/a"),
      ],
      ["single v2: lib/leaf.ts is new → /api/a; ran again a.ts"],
    ],
    [
      "names in a folder where nothing else is known",
      [{ ...seen(), folders: ["lib"] } as SessionEvent, commit(2, { "a.ts": "edited" }), quiet("/api/a")],
      ["single v2: names came or went in lib → /api/a; ran again a.ts"],
    ],
    [
      "folders only where something ran because of them",
      [
        { ...seen(), places: ["lib"] } as SessionEvent,
        quiet(),
        { ...seen(), places: ["lib"] } as SessionEvent,
        commit(2, { "a.ts": "requested" }),
        quiet("/api/a"),
      ],
      ["single v2: lib changed → /api/a; ran again a.ts"],
    ],
    [
      "an error once, however many routes it breaks",
      [seen("lib/n.ts"), broke("a"), broke("b"), quietWith({ changes: [] })],
      ["Unexpected token"],
    ],
    [
      "an error once more after the next save, and when it was tried again for the last time",
      [broke("a"), seen("lib/n.ts"), broke("a"), broke("a", {}, 3)],
      ["Unexpected token", "Unexpected token", "Unexpected token"],
    ],
    [
      "a save that only takes a broken edit back is the recovery, and nothing else",
      [seen("lib/n.ts"), broke("a"), quietWith({ changes: [] }), seen("lib/n.ts"), recovered("a"), quiet()],
      ["Unexpected token", "recovered /api/a"],
    ],
    [
      "routes recover together, and before the line of what mended them",
      [
        broke("b"),
        broke("a"),
        seen("lib/n.ts"),
        commit(2, { "lib/n.ts": "edited" }),
        recovered("b"),
        recovered("a"),
        quiet("/api/a", "/api/b"),
      ],
      ["Unexpected token", "recovered /api/a, /api/b", "selective v2: lib/n.ts changed → /api/a, /api/b"],
    ],
    [
      "a config that cannot be loaded",
      [
        { type: "config-refused", at: 1, fault: { file: "vite.config.js", message: "no such plugin" } },
        quiet(),
      ],
      ["The config cannot be loaded, and the last one stays in use: no such plugin"],
    ],
    [
      "notices, in their order",
      [
        { type: "noticed", level: "info", message: "one" },
        { type: "noticed", level: "warn", message: "two" },
      ],
      ["one", "two"],
    ],
  ])("%s", ([, steps, lines]) => {
    expect(summaries(told(eventsOf(steps)).reports)).toEqual(lines);
  });

  test("files of an error by their routes, those that were looked up and the one that failed", () => {
    const { reports } = told([broke("a", { routes: ["/api/z", "/api/a"], line: 3, column: 1 })]);
    expect(reports).toEqual([
      {
        event: "error",
        message: "Unexpected token",
        routes: ["/api/a", "/api/z"],
        file: "lib/n.ts",
        line: 3,
        column: 1,
        retries: 0,
        offersRestart: false,
        version: 0,
      },
    ]);
  });

  test("what an error is shown with is not looked up where it is not told", () => {
    const problem: ShownProblem = {
      message: "Unexpected token",
      file: "lib/n.ts",
      offersRestart: false,
      get frame(): never {
        throw new Error("looked up");
      },
      get routes(): never {
        throw new Error("looked up");
      },
    };
    const event: SessionEvent = { type: "broke", at: 5, entry: "b", route: undefined, problem, retries: 0 };
    expect(told([broke("a"), event]).reports).toHaveLength(1);
  });

  test("the time of a reload is that from the change to its first commit", () => {
    const events = [
      atTime({ ...seen("a.ts"), tookMs: 2 } as SessionEvent, 10),
      atTime(commit(2, { "a.ts": "edited" }), 15.26),
      atTime(commit(3, { "b.ts": "requested" }), 400),
    ];
    const { reports } = told(eventsOf([...events, quiet("/api/a")]));
    expect(reports).toMatchObject([{ ms: 7.3 }]);
  });
});

describe("the status", () => {
  const reload = [seen("a.ts"), commit(2, { "a.ts": "edited" }), quiet("/api/a")];

  test("counts what has happened", () => {
    const steps: readonly Step[] = [
      commit(1, { "a.ts": "new" }),
      ...reload,
      seen("a.ts"),
      quiet(),
      broke("a"),
      broke("b"),
      { type: "retried" } as const,
      broke("a", {}, 1),
      { type: "threw", at: 1, route: "/api/a", problem: { ...shown, message: "GET /api/a threw: no" } },
    ];
    expect(reloadsIn(viewOf(eventsOf(steps)))).toMatchObject({
      commits: 2,
      failures: 2,
      retries: 1,
      skipped: 1,
      byStrategy: { none: 1, asset: 0, single: 1, selective: 0, full: 0, config: 0 },
      reloadMs: { p50: 1, p95: 1, max: 1 },
    });
  });

  test("repeats the last reload, and adds what was closed later", () => {
    expect(reloadsIn(viewOf(eventsOf([...reload, closed(2)])))).toMatchObject({
      lastReload: {
        strategy: "single",
        closed: [{ kind: "timer", module: "a.ts", count: 2 }],
        summary: "a.ts changed → /api/a; closed 2 timers",
      },
    });
    expect(reloadsIn(NOTHING_HAPPENED).lastReload).toBeNull();
  });

  test("names errors that hold, and those that escaped, without the folder of the project", () => {
    const names = new PublicNames("/home/me/shop");
    const steps: readonly Step[] = [
      broke("a", { message: "Cannot find /home/me/shop/lib/x.ts" }),
      broke("b"),
      broke("c"),
      { type: "threw", at: 7, route: undefined, problem: { ...shown, message: "late" } },
      recovered("b"),
      routes({ abandoned: ["c"] }),
    ];
    expect(errorsIn(viewOf(eventsOf(steps)), names)).toEqual([
      { route: "/api/a", file: "lib/n.ts", message: "Cannot find lib/x.ts", at: 5 },
      { route: undefined, file: "a.ts", message: "late", at: 7 },
    ]);
  });

  test("remembers the last 50 errors that escaped", () => {
    const events = Array.from({ length: 60 }, (_, at): SessionEvent => {
      return { type: "threw", at, route: undefined, problem: shown };
    });
    const errors = errorsIn(viewOf(events), new PublicNames("/app"));
    expect(errors.map(({ at }) => at)).toEqual(events.slice(10).map((_, index) => index + 10));
  });
});

const shown: ShownProblem = { message: "", file: "a.ts", offersRestart: false, routes: [] };

describe("the answer to settle", () => {
  const reload = (version: number): readonly Step[] => [
    seen("a.ts"),
    commit(version, { "a.ts": "edited" }),
    quiet("/api/a"),
  ];
  const nothing = { strategy: "none", reason: "nothing that runs has changed", files: [] };
  const failed = { strategy: "none", reason: "nothing new could go live" };
  const error = { file: "lib/n.ts", line: undefined, column: undefined, message: "Unexpected token" };

  test.for<[law: string, steps: readonly Step[], plan: object, errors: readonly object[]]>([
    ["nothing has changed", [], nothing, []],
    ["the reload since it was asked last", reload(2), { strategy: "single", files: ["a.ts"] }, []],
    ["a reload is answered once", [...reload(2), settled], nothing, []],
    ["the next one again", [...reload(2), settled, ...reload(3)], { strategy: "single" }, []],
    ["of two reloads the last one", [...reload(2), seen("b.ts"), quiet()], { files: ["b.ts"] }, []],
    ["an error once, however many routes it breaks", [broke("a"), broke("b")], failed, [error]],
    ["an error again, as long as it holds", [broke("a"), settled], failed, [error]],
    ["no error that is mended", [broke("a"), recovered("a")], nothing, []],
    ["no error of a route that is gone", [broke("a"), routes({ abandoned: ["a"] })], nothing, []],
  ])("%s", ([, steps, plan, errors]) => {
    const names = new PublicNames("/app");
    const settlement = settlementOf(viewOf(eventsOf(steps)), { names, refusals: [] });
    expect(settlement).toMatchObject({ plan, errors });
  });
});

describe("the log", () => {
  test("tells what was noted when the turn is over, in its order", () => {
    const reports: Report[] = [];
    const later: (() => void)[] = [];
    const log = new SessionLog(
      (report) => reports.push(report),
      (run) => later.push(run),
    );
    log.append({ type: "noticed", level: "info", message: "one" });
    log.append({ type: "noticed", level: "info", message: "two" });
    expect(reports).toEqual([]);
    expect(later).toHaveLength(1);
    later.forEach((run) => run());
    expect(summaries(reports)).toEqual(["one", "two"]);
  });

  test("tells at once what somebody asks to know", () => {
    const reports: Report[] = [];
    const log = new SessionLog(
      (report) => reports.push(report),
      () => undefined,
    );
    log.append(broke("a"));
    expect(log.view.problems.broken.size).toBe(1);
    expect(summaries(reports)).toEqual(["Unexpected token"]);
  });

  test("tells what a listener notes behind what it is told", () => {
    const lines: string[] = [];
    const log: SessionLog = new SessionLog((report) => {
      lines.push(...summaries([report]));
      if (lines.length === 1) log.append({ type: "noticed", level: "info", message: "three" });
    });
    log.append({ type: "noticed", level: "info", message: "one" });
    log.append({ type: "noticed", level: "info", message: "two" });
    expect(log.view).toEqual(NOTHING_HAPPENED);
    expect(lines).toEqual(["one", "two", "three"]);
  });
});
