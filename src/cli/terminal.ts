import { relative } from "node:path";
// A Node without `styleText` loads this all the same, and is told what it lacks.
import util from "node:util";
import { countOf } from "../report/lists.ts";
import type { Report } from "../protocol/report.ts";
import { withoutLabel } from "../protocol/orbit-error.ts";
import { keysText } from "./help.ts";
import { type Format, type TerminalStyle, reportLines, stackLines } from "./report-lines.ts";
import { SavedOnce } from "./saved-once.ts";
import type { ReportedFailure, ServedProject } from "../protocol/server-messages.ts";
import { plain } from "./words.ts";

/** Where text goes; `process.stdout` and `process.stderr` are such places. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};

/** Everything the program says. The only place that prints. */
export interface Terminal {
  /** Text that was asked for, such as `--help`. */
  print(text: string): void;
  /** What was asked for, for programs: one JSON document. */
  document(value: unknown): void;
  /** Something that an answer may be read differently for; it goes where no program reads. */
  warn(message: string): void;
  /** The command line makes no sense. */
  misuse(message: string): void;
  ready(project: ServedProject, start: { readonly version: string; readonly ms: number }): void;
  report(report: Report): void;
  failed(failure: ReportedFailure): void;
  /** One sentence about what the program itself does. */
  note(message: string): void;
  urls(project: ServedProject): void;
  keys(): void;
  clear(): void;
}

export interface TerminalInit {
  readonly out: Output;
  readonly err: Output;
  /** The project's folder: files in reports are relative to it. */
  readonly root: string;
  /** Somebody can press keys. */
  readonly hasKeys: boolean;
  /** Reloads list all that they kept, reset and closed. @default false */
  readonly isVerbose?: boolean;
}

/** A build that takes longer is said while it runs. */
const SLOW_MS = 1_000;

/** Says things to people. */
export function createTerminal({ out, err, root, hasKeys, isVerbose = false }: TerminalInit): Terminal {
  const paint: TerminalStyle["paint"] = (format, text) => paintFor(out, format, text);
  const look: TerminalStyle = {
    paint,
    locate: (file) => relative(process.cwd(), `${root}/${file}`) || file,
    restartAdvice: hasKeys
      ? "Press R to restart: explicit state is carried over."
      : "Restart orbiton dev to leave behind what the package remembers.",
    detail: isVerbose ? "whole" : "short",
    // Windows are resized; those that know nothing of their size say 0.
    get columns() {
      return out.columns === 0 ? Infinity : (out.columns ?? Infinity);
    },
  };
  const say = (text: string): unknown => out.write(`${text}\n`);
  const urlLines = ({ urls }: ServedProject): string[] => [
    ...urls.local.map((url) => `  ${paint("cyan", url)}`),
    ...urls.network.map((url) => `  ${paint("cyan", url)} ${paint("dim", "(network)")}`),
  ];
  const complain = (message: string): unknown => err.write(`${paintFor(err, "red", "error")} ${message}\n`);

  let slow: NodeJS.Timeout | undefined;
  const lines = new SavedOnce({ say, look, patienceMs: SLOW_MS });
  return {
    print: (text) => out.write(text),
    document: (value) => say(JSON.stringify(value)),
    warn: (message) => err.write(`${paintFor(err, "yellow", "warning")} ${plain(message)}\n`),
    misuse: complain,
    ready(project, { version, ms }) {
      lines.hasRoutes = project.routes.length > 0;
      const routes = countOf(project.routes.length, "API route");
      say(
        [
          "",
          `  ${paint("bold", "orbiton")} ${version} ${paint("dim", `ready in ${Math.round(ms)} ms`)}`,
          "",
          ...urlLines(project),
          `  ${hasKeys ? `${routes} ${paint("dim", "· h shows the keys")}` : routes}`,
          "",
        ].join("\n"),
      );
    },
    report(report) {
      // How far it is, a page shows; what it waits for is said.
      if (report.event === "build" && report.progress?.startsWith("waiting") === false) return;
      clearTimeout(slow);
      // Who waits wants to know for what; what is done at once needs no second line.
      if (report.event === "build" && report.status === "starting" && report.progress === undefined)
        slow = setTimeout(() => say(reportLines(report, look)), SLOW_MS).unref();
      else if (report.event !== "build" || report.status !== "superseded") lines.say(report);
    },
    failed({ message, stack = "" }) {
      const calls = stackLines(stack).map((call) => `\n  ${paintFor(err, "dim", call)}`);
      complain(withoutLabel(message) + calls.join(""));
    },
    note: (message) => say(paint("dim", message)),
    urls: (project) => say(urlLines(project).join("\n")),
    keys: () => say(keysText),
    clear: () => out.isTTY === true && out.write("\u001B[2J\u001B[3J\u001B[H"),
  };
}

/** Says things to programs: one JSON object per line, and what is for people goes to the other stream. */
export function createJsonTerminal(init: TerminalInit): Terminal {
  const { out, err } = init;
  const print = (value: unknown): unknown => out.write(`${JSON.stringify(value)}\n`);
  return {
    ...createTerminal({ ...init, out: err, hasKeys: false }),
    ready: ({ urls }) => print({ event: "ready", url: urls.local[0] ?? urls.network[0] }),
    report: print,
  };
}

/** Colours where the output shows them and nobody forbade them. */
function paintFor(stream: Output, format: Format, text: string): string {
  return util.styleText(format, text, { stream });
}
