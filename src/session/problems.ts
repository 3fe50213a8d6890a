import type { ErrorReport } from "../protocol/report.ts";
import type { LoggedError } from "../protocol/status.ts";
import { isReload } from "./reload-report.ts";
import type { ConfigFault } from "./config-fault.ts";
import type { BrokeEvent, SessionEvent, ShownProblem, ThrewEvent } from "./events.ts";

/** The errors of a session, and which of them have been reported. */
export interface Problems {
  /** Entries that cannot serve, with the last event of each. */
  readonly broken: ReadonlyMap<string, BrokeEvent>;
  /** Errors that hold for no entry, oldest first. */
  readonly escaped: readonly LoggedError[];
  /** What has escaped from the code that runs now: new code has other errors. Oldest first. */
  readonly standing: readonly ThrewEvent[];
  /** Configs that could not be loaded when they were saved last, by file. */
  readonly refused: ReadonlyMap<string, ConfigFault>;
  /**
   * Errors that have been reported, with their files, and that still hold: further routes, further requests and further
   * saves find them again.
   */
  readonly reported: ReadonlyMap<string, string>;
}

export const NO_PROBLEMS: Problems = {
  broken: new Map(),
  escaped: [],
  standing: [],
  refused: new Map(),
  reported: new Map(),
};

/** How many errors the status document remembers. */
const REMEMBERED_ERRORS = 50;
/** How many different ones are told to a page that comes later. */
const STANDING_ERRORS = 20;

/** Fold an event into the errors. */
export function problemsAfter(problems: Problems, event: SessionEvent): Problems {
  const { broken, reported } = problems;
  // Whoever saves the file of an error wants to know whether it is mended: the same error is an answer then.
  if (event.type === "seen") {
    const refused = without(problems.refused, event.configs ?? []);
    return { ...problems, refused, reported: withoutFiles(reported, event.files) };
  }
  if (event.type === "committed" && isReload(event) && problems.standing.length > 0)
    return { ...problems, standing: [] };
  if (event.type === "broke") {
    const all = new Map(broken).set(event.entry, event);
    const told = new Map(reported).set(textOf(event.problem), event.problem.file);
    return { ...problems, broken: all, reported: stillBroken(told, all) };
  }
  if (event.type === "recovered") {
    const rest = without(broken, event.entries);
    return { ...problems, broken: rest, reported: stillBroken(reported, rest) };
  }
  if (event.type === "routes") return { ...problems, broken: without(broken, event.abandoned) };
  if (event.type === "threw") {
    const { file, message } = event.problem;
    const known = problems.standing.filter((each) => textOf(each.problem) !== textOf(event.problem));
    const standing = [...known, event].slice(-STANDING_ERRORS);
    return remember({ ...problems, standing }, { route: event.route, file, message, at: event.at });
  }
  if (event.type === "config-refused") {
    const { at, fault } = event;
    const refused = new Map(problems.refused).set(fault.file, fault);
    return remember({ ...problems, refused }, { file: fault.file, message: refusalText(fault.message), at });
  }
  return problems;
}

/** The report of an event, if there is one. */
export function errorReport(
  { reported }: Problems,
  event: SessionEvent,
  version: number,
): ErrorReport | undefined {
  if (event.type === "broke") {
    const { problem, route, retries } = event;
    if (retries === 0 && reported.has(textOf(problem))) return undefined;
    const routes = new Set([...problem.routes, ...(route === undefined ? [] : [route])]);
    return reportOf(problem, { routes: [...routes].toSorted(), retries, version });
  }
  if (event.type === "threw") {
    const routes = event.route === undefined ? [] : [event.route];
    return reportOf(event.problem, { routes, retries: 0, version });
  }
  if (event.type === "config-refused") {
    const { line, column, frame, file, message } = event.fault;
    const place = { file, line, column, frame };
    return reportOf(
      { ...place, message: refusalText(message), offersRestart: false },
      { routes: [], retries: 0, version },
    );
  }
  return undefined;
}

function reportOf(
  { message, file, line, column, frame, stack, offersRestart }: Omit<ShownProblem, "routes">,
  { routes, retries, version }: Pick<ErrorReport, "routes" | "retries" | "version">,
): ErrorReport {
  return {
    event: "error",
    message,
    routes,
    file,
    line,
    column,
    frame,
    stack,
    retries,
    offersRestart,
    version,
  };
}

/** What is told of a config that cannot be loaded. */
export function refusalText(message: string): string {
  return `The config cannot be loaded, and the last one stays in use: ${message}`;
}

function textOf({ file, line, message }: ShownProblem): string {
  return [file, line, message].join(":");
}

function withoutFiles(reported: Problems["reported"], files: readonly string[]): Problems["reported"] {
  if (reported.size === 0) return reported;
  return new Map([...reported].filter(([, file]) => !files.includes(file)));
}

function stillBroken(reported: Problems["reported"], broken: Problems["broken"]): Problems["reported"] {
  const held = new Set([...broken.values()].map(({ problem }) => textOf(problem)));
  return new Map([...reported].filter(([text]) => held.has(text)));
}

function remember(problems: Problems, error: LoggedError): Problems {
  return { ...problems, escaped: [...problems.escaped, error].slice(-REMEMBERED_ERRORS) };
}

function without<T>(entries: ReadonlyMap<string, T>, names: readonly string[]): ReadonlyMap<string, T> {
  if (!names.some((name) => entries.has(name))) return entries;
  return new Map([...entries].filter(([name]) => !names.includes(name)));
}
