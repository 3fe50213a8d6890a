import { type styleText, stripVTControlCharacters } from "node:util";
import { type Detail, listOf } from "../report/lists.ts";
import { labelOf, type ReloadFact, reloadWords } from "../report/reload-words.ts";
import { buildLabel, lastLines } from "../report/build-words.ts";
import type { BuildReport } from "../protocol/build.ts";
import type { ErrorReport, NoticeReport, RecoveredReport, ReloadReport, Report } from "../protocol/report.ts";
import { withoutLabel } from "../protocol/orbit-error.ts";
import { coloursOnly, onOneLine, plain } from "./words.ts";

export type Format = Parameters<typeof styleText>[0];

/** How the terminal at hand shows things. */
export interface TerminalStyle {
  readonly paint: (format: Format, text: string) => string;
  /** A file of the project as the terminal's user would type it, so that a click on it opens it. */
  readonly locate: (file: string) => string;
  /** What to do about a package that remembers. */
  readonly restartAdvice: string;
  /** Whether reloads list a few names or all of them. */
  readonly detail: Detail;
  /** How many characters a line may have; `Infinity` where nobody looks at it. */
  readonly columns: number;
}

/** One report in words: one line for a reload, a few for an error. Ends without a line break. */
export function reportLines(report: Report, look: TerminalStyle): string {
  if (report.event === "reload") return reloadLine(report, look);
  if (report.event === "error") return errorText(report, look);
  if (report.event === "recovered") return recoveredLine(report, look);
  if (report.event === "build") return buildText(report, look);
  return noticeText(report, look);
}

/** A reload and a build of one save, in one line. */
export function savedOnceLine(reload: ReloadReport, build: BuildReport, look: TerminalStyle): string {
  const isNamed = build.files.every((file) => reload.files.includes(file));
  const said = isNamed ? build.summary.slice(build.cause.length) : build.summary;
  return reloadLine(reload, look, [onOneLine(said), `${Math.round(build.ms)} ms`]);
}

/** `reloaded  pages/api/cart.js changed → /api/cart · 12 ms · v4 · kept items · reset limits (its initializer changed)`. */
function reloadLine(reload: ReloadReport, look: TerminalStyle, also: readonly string[] = []): string {
  const { paint, detail, columns } = look;
  const { strategy, ms, version } = reload;
  const { what, facts } = reloadWords(reload, detail);
  const isQuiet = strategy === "none";
  const label = paint(isQuiet ? "dim" : "green", labelOf(strategy).padEnd(LABEL_WIDTH));
  const sentence = isQuiet ? paint("dim", onOneLine(what)) : onOneLine(what);
  const head = [`${label} ${sentence}`, `${Math.round(ms)} ms`, `v${version}`];
  const separator = paint("dim", " · ");
  const said = facts.map((fact) => factText(fact, look));
  if (detail === "short") return inColumns([...head, ...said, ...also], { columns, separator });
  const below = said.map((fact) => inColumns([fact], { columns, start: INDENT }));
  return [inColumns([...head, ...also], { columns, separator }), ...below].join("\n");
}

/** `kept items`; whole, the topics stand below each other. */
function factText({ topic, text }: ReloadFact, { paint, detail }: TerminalStyle): string {
  const said = `${detail === "short" ? topic : topic.padEnd(TOPIC_WIDTH)} ${onOneLine(text)}`;
  return topic === "reset" || topic === "still old" ? paint("yellow", said) : said;
}

interface Layout {
  readonly columns: number;
  readonly separator?: string;
  /** What the first line begins with. */
  readonly start?: string;
}

/**
 * Pieces of a line. Where the terminal is too narrow, it goes on below the sentence; a piece is only torn, between two
 * words, where it is longer than a line.
 */
function inColumns(pieces: readonly string[], { columns, separator = "", start = "" }: Layout): string {
  const lines = [start];
  const append = (piece: string, gap: string): void => {
    const line = lines.at(-1) ?? "";
    const isEmpty = line.trim() === "";
    const longer = isEmpty ? line + piece : line + gap + piece;
    const isWord = !piece.includes(" ");
    if (widthOf(longer) <= columns || (isEmpty && isWord)) lines[lines.length - 1] = longer;
    else if (INDENT.length + widthOf(piece) <= columns || isWord) lines.push(indent(piece));
    else for (const [index, word] of piece.split(" ").entries()) append(word, index === 0 ? gap : " ");
  };
  for (const piece of pieces) append(piece, separator);
  return lines.join("\n");
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

function errorText(error: ErrorReport, { paint, locate, restartAdvice }: TerminalStyle): string {
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
function placeOf({ file, line, column }: ErrorReport, locate: TerminalStyle["locate"]): string {
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
    ...(routes.length > 0 ? [`affects ${listOf(routes)}`] : []),
  ];
}

/** `built     src/index.html changed; built with make · 120 ms`; below a failure, what the build has printed. */
function buildText({ status, summary, ms, output }: BuildReport, { paint, columns }: TerminalStyle): string {
  const format = status === "failed" ? "red" : status === "completed" ? "green" : "dim";
  const label = paint(format, buildLabel(status).padEnd(LABEL_WIDTH));
  const sentence = onOneLine(summary);
  const pieces = [`${label} ${status === "unchanged" ? paint("dim", sentence) : sentence}`];
  if (ms > 0) pieces.push(`${Math.round(ms)} ms`);
  const head = inColumns(pieces, { columns, separator: paint("dim", " · ") });
  if (output === undefined) return head;
  // Its colours are the compiler's own, where there are any.
  const hasColours = paint("red", "x") !== "x";
  const said = hasColours ? coloursOnly(output.trimEnd()) : plain(output);
  return [head, ...lastLines(said).split("\n").map(indent)].join("\n");
}

function recoveredLine({ routes, version }: RecoveredReport, { paint }: TerminalStyle): string {
  const verb = routes.length === 1 ? "answers" : "answer";
  return `${paint("green", "recovered")} ${onOneLine(listOf(routes))} ${verb} again ${paint("dim", "·")} v${version}`;
}

function noticeText({ level, message }: NoticeReport, { paint }: TerminalStyle): string {
  const label = level === "warn" ? paint("yellow", "warning  ") : paint("cyan", "note     ");
  return `${label} ${plain(withoutLabel(message)).replaceAll("\n", `\n${INDENT}`)}`;
}

/** As wide as the longest label. */
const LABEL_WIDTH = 9;
const TOPIC_WIDTH = 9;
const INDENT = " ".repeat(LABEL_WIDTH + 1);

function indent(line: string): string {
  return INDENT + line;
}
