import type { Report } from "../protocol/report.ts";
import type { LoggedError } from "../protocol/status.ts";
import { Debounce } from "../reload/debounce.ts";
import type { Clock } from "../reload/debounce.ts";
import { firstProjectFrame, mapStackText, messageOf } from "../runtime/index.ts";
import type { ModuleProblem, RuntimeNotice } from "../runtime/index.ts";
import type { Counters } from "./reporter.ts";
import { frameOf } from "./code-frame.ts";
import type { PublicNames } from "./public-names.ts";

interface ProblemLogPorts {
  readonly names: PublicNames;
  readonly quietMs: number;
  readonly clock: Clock;
  readonly counts: Counters;
  routeOf(entry: string): string | undefined;
  routesReaching(file: string): readonly string[];
  version(): number;
  emit(report: Report): void;
}

/** How many errors the status document remembers. */
const REMEMBERED_ERRORS = 50;

/** What went wrong: said once, remembered for the status document, taken back when it is mended. */
export class ProblemLog {
  readonly #ports: ProblemLogPorts;
  readonly #told = new Set<string>();
  readonly #broken = new Map<string, { readonly problem: ModuleProblem; readonly at: number }>();
  readonly #escaped: LoggedError[] = [];
  readonly #recovered: Debounce<string>;

  constructor(ports: ProblemLogPorts) {
    this.#ports = ports;
    this.#recovered = new Debounce(ports.quietMs, ports.clock, (routes) => {
      ports.emit({ event: "recovered", routes: [...routes].toSorted(), version: ports.version() });
    });
  }

  /** Errors that hold now, and what escaped from running code lately. */
  get errors(): readonly LoggedError[] {
    const broken = [...this.#broken].map(([entry, { problem, at }]) => ({
      route: this.#ports.routeOf(entry),
      file: this.#ports.names.relative(problem.file ?? ""),
      message: this.#ports.names.withoutRoot(problem.message),
      at,
    }));
    return [...broken, ...this.#escaped];
  }

  noteBroken(entry: string, problem: ModuleProblem, retries: number): void {
    this.#broken.set(entry, { problem, at: Date.now() });
    const text = [problem.file, problem.line, problem.message].join(":");
    // Further routes that need the module, and requests that look once more, find the same: no news.
    if (retries === 0 && this.#told.has(text)) return;
    this.#told.add(text);
    this.#ports.counts.failures++;
    const reached = problem.file === undefined ? [] : this.#ports.routesReaching(problem.file);
    const own = this.#ports.routeOf(entry);
    this.#emitError({
      message: problem.message,
      routes: [...new Set([...reached, ...(own === undefined ? [] : [own])])].toSorted(),
      problem,
      retries,
    });
  }

  /** Files were saved: what is wrong now is told, be it the same as before. */
  noteSave(): void {
    this.#told.clear();
  }

  noteRecovered(entries: readonly string[]): void {
    for (const entry of entries) {
      this.#broken.delete(entry);
      const route = this.#ports.routeOf(entry);
      if (route !== undefined) this.#recovered.add(route);
    }
  }

  /** A route exists no more, and what was wrong with it is nobody's problem. */
  noteGone(entry: string): void {
    this.#broken.delete(entry);
  }

  /** An error that a route's code threw, rejected with, or let escape. */
  noteThrown(error: unknown, route: string | undefined, how: string): void {
    const position = firstProjectFrame(error);
    const message = `${how}: ${messageOf(error)}`;
    const file = this.#ports.names.relative(position?.file ?? "");
    this.#remember({ route, file, message: this.#ports.names.withoutRoot(message) });
    this.#ports.emit({
      event: "error",
      message,
      routes: route === undefined ? [] : [route],
      file,
      line: position?.line,
      column: position?.column,
      frame: frameOf(position?.file, position),
      stack: error instanceof Error && error.stack !== undefined ? mapStackText(error.stack) : undefined,
      retries: 0,
      offersRestart: false,
      version: this.#ports.version(),
    });
  }

  /** A config cannot be loaded: the server serves on as the last one says. */
  noteBrokenConfig({ file, message }: { readonly file: string; readonly message: string }): void {
    this.#ports.counts.failures++;
    const text = this.#ports.names.withoutRoot(
      `The config cannot be loaded, and the last one stays in use: ${message}`,
    );
    this.#remember({ file, message: text });
    this.#ports.emit({
      event: "error",
      message: text,
      routes: [],
      file,
      retries: 0,
      offersRestart: false,
      version: this.#ports.version(),
    });
  }

  /** Something of ours failed where nobody waits for the answer. */
  noteFailure(error: unknown): void {
    this.#ports.emit({ event: "notice", level: "warn", message: `[orbit] ${messageOf(error)}` });
  }

  noteNotice({ kind, module, error }: RuntimeNotice): void {
    const what = kind === "dispose-failed" ? "A dispose handler" : "A callback";
    this.noteThrown(error, undefined, `${what} of ${module} failed`);
  }

  close(): void {
    this.#recovered.close();
  }

  #remember(error: Omit<LoggedError, "at">): void {
    this.#escaped.push({ ...error, at: Date.now() });
    if (this.#escaped.length > REMEMBERED_ERRORS) this.#escaped.shift();
  }

  #emitError(init: {
    readonly message: string;
    readonly routes: readonly string[];
    readonly problem: ModuleProblem;
    readonly retries: number;
  }): void {
    const { problem } = init;
    const stack = problem.cause instanceof Error ? problem.cause.stack : undefined;
    this.#ports.emit({
      event: "error",
      message: init.message,
      routes: init.routes,
      file: this.#ports.names.relative(problem.file ?? ""),
      line: problem.line,
      column: problem.column,
      frame: problem.frame ?? frameOf(problem.file, problem),
      stack: problem.kind === "evaluation" && stack !== undefined ? mapStackText(stack) : undefined,
      retries: init.retries,
      offersRestart: problem.offersRestart,
      version: this.#ports.version(),
    });
  }
}
