import { type styleText, stripVTControlCharacters } from "node:util";
import type { ErrorReport, NoticeReport, RecoveredReport, ReloadReport, Report } from "../plan/report.ts";

export type Format = Parameters<typeof styleText>[0];

/** How the terminal at hand shows things. */
export interface Look {
  readonly paint: (format: Format, text: string) => string;
  /** A file of the project as the terminal's user would type it, so that a click on it opens it. */
  readonly locate: (file: string) => string;
  /** What to do about a package that remembers. */
  readonly restartAdvice: string;
}

/** One report in words: one line for a reload, a few for an error. Ends without a line break. */
export function reportLines(report: Report, look: Look): string {
  if (report.event === "reload") return reloadLine(report, look);
  if (report.event === "error") return errorText(report, look);
  if (report.event === "recovered") return recoveredLine(report, look);
  return noticeText(report, look);
}

/** `single     pages/api/cart.js changed → /api/cart · 12 ms · v4 · kept cart · reset limits (new initial value)`. */
function reloadLine(reload: ReloadReport, { paint }: Look): string {
  const { strategy, reason, routes, ms, version, kept, reset, closed } = reload;
  const isQuiet = strategy === "none";
  const label = paint(isQuiet ? "dim" : "green", strategy.padEnd(9));
  const target = routes.length === 0 ? "" : ` → ${shortList(routes)}`;
  const facts = [
    `${Math.round(ms)} ms`,
    `v${version}`,
    kept.length > 0 && `kept ${shortList(kept)}`,
    reset.length > 0 &&
      paint("yellow", `reset ${shortList(reset.map(({ name, why }) => `${name} (${why})`))}`),
    closed > 0 && `closed ${closed}`,
  ].filter((fact) => fact !== false);
  const sentence = onOneLine(`${reason}${target}`);
  return `${label} ${isQuiet ? paint("dim", sentence) : sentence} ${paint("dim", "·")} ${facts.join(paint("dim", " · "))}`;
}

function errorText(error: ErrorReport, { paint, locate, restartAdvice }: Look): string {
  const place = placeOf(error, locate);
  const [summary = "", ...details] = plain(error.message).split("\n");
  const head = [paint("red", "error    "), place && paint("cyan", place), summary].filter(Boolean).join(" ");
  return [
    head,
    ...details.map(indent),
    ...codeLines(error).map((line) => paint("dim", indent(line))),
    ...consequences(error).map(indent),
    ...(error.offersRestart ? [indent(paint("yellow", restartAdvice))] : []),
  ].join("\n");
}

/** `file:line:column`, which terminals and editors turn into a link. */
function placeOf({ file, line, column }: ErrorReport, locate: Look["locate"]): string {
  if (file === undefined || file === "") return "";
  return [locate(plain(file)), line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(":");
}

/** The code around the error; where there is none, the way that led to it. */
function codeLines({ frame, stack = "" }: ErrorReport): string[] {
  return frame === undefined ? stackLines(stack) : plain(frame).split("\n");
}

const MAX_STACK_LINES = 8;

/** The calls of a stack, without the message above them. */
export function stackLines(stack: string): string[] {
  const calls = plain(stack)
    .split("\n")
    .filter((line) => /^\s*at /.test(line))
    .map((line) => line.trim());
  if (calls.length <= MAX_STACK_LINES) return calls;
  return [...calls.slice(0, MAX_STACK_LINES), `and ${calls.length - MAX_STACK_LINES} more calls`];
}

function consequences({ routes, retries }: ErrorReport): string[] {
  return [
    ...(retries > 0 ? [`tried again ${retries === 1 ? "once" : `${retries} times`}`] : []),
    ...(routes.length > 0 ? [`affects ${shortList(routes)}`] : []),
  ];
}

function recoveredLine({ routes, version }: RecoveredReport, { paint }: Look): string {
  const verb = routes.length === 1 ? "answers" : "answer";
  return `${paint("green", "recovered")} ${onOneLine(shortList(routes))} ${verb} again ${paint("dim", "·")} v${version}`;
}

function noticeText({ level, message }: NoticeReport, { paint }: Look): string {
  const label = level === "warn" ? paint("yellow", "warning  ") : paint("cyan", "note     ");
  return `${label} ${plain(message.replace(/^\[orbit\] /, "")).replaceAll("\n", `\n${INDENT}`)}`;
}

const MAX_ITEMS = 4;

function shortList(items: readonly string[]): string {
  if (items.length <= MAX_ITEMS) return items.join(", ");
  return `${items.slice(0, MAX_ITEMS).join(", ")} and ${items.length - MAX_ITEMS} more`;
}

const INDENT = " ".repeat(10);

function indent(line: string): string {
  return INDENT + line;
}

function onOneLine(text: string): string {
  return plain(text).replaceAll("\n", " ");
}

/** File names and error messages come from anywhere: nothing in them may drive the terminal. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, "");
}
