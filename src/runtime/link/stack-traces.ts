import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import path from "node:path";
import type { SourceMapLike } from "../host.ts";
import type { SourcePosition, TextPosition } from "../../protocol/text-position.ts";
import { isOfPackage } from "../../protocol/package-files.ts";

interface Script {
  readonly file: string;
  map: SourceMapLike | undefined;
  /** Undoes what compiling moved within a line. */
  columnBefore: (line: number, column: number) => number;
  /** Leads to the newest text that says the same; `map` is that one's. */
  placeNow: ((place: TextPosition) => TextPosition) | undefined;
  parsed: SourceMap | undefined;
}

const scripts = new Map<string, Script>();

/** Let stack traces of a compiled text point to its source. Returns what forgets it again. */
export function registerScript(scriptName: string, file: string, map: SourceMapLike | undefined): () => void {
  const script: Script = {
    file,
    map,
    columnBefore: (_line, column) => column,
    placeNow: undefined,
    parsed: undefined,
  };
  scripts.set(scriptName, script);
  return () => {
    if (scripts.get(scriptName) === script) scripts.delete(scriptName);
  };
}

/** Say where columns of a compiled text were before it was edited. */
export function mapColumns(scriptName: string, columnBefore: (line: number, column: number) => number): void {
  const script = scripts.get(scriptName);
  if (script !== undefined) script.columnBefore = columnBefore;
}

/** A file was edited so that it still says the same: code that runs on points to where its text stands now. */
export function moveScript(
  scriptName: string,
  now: { readonly map: SourceMapLike | undefined; readonly placeNow: (place: TextPosition) => TextPosition },
): void {
  const script = scripts.get(scriptName);
  if (script !== undefined) Object.assign(script, now, { parsed: undefined });
}

/** The file of a compiled text, or `undefined` for scripts that are not ours. */
export function fileOfScript(scriptName: string): string | undefined {
  return scripts.get(scriptName)?.file;
}

/** Where a position in a compiled text comes from. Lines and columns count from 1. */
export function originalPosition(
  scriptName: string,
  line: number,
  column: number,
): SourcePosition | undefined {
  const script = scripts.get(scriptName);
  if (script === undefined) return undefined;
  const before = { line, column: script.columnBefore(line, column) };
  const place = script.placeNow?.(before) ?? before;
  if (script.map === undefined || script.map.mappings === "") return { file: script.file, ...place };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node asks for fields that it does not read
  script.parsed ??= new SourceMap(script.map as SourceMapPayload);
  const entry = script.parsed.findEntry(place.line - 1, Math.max(0, place.column - 1));
  if (!("originalLine" in entry)) return { file: script.file, ...place };
  const source = entry.originalSource;
  const file = source ? path.resolve(path.dirname(script.file), source) : script.file;
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** One frame of a stack trace that lies in a project module. */
export interface ProjectFrame extends SourcePosition {
  readonly scriptName: string;
}

/** The end of a line of a stack: `(/app/pages/(admin)/a.ts?orbit=3:8:57)`, `at async /my app/a.ts?orbit=3:8:57`. */
const PLACE = /:(\d+):(\d+)\)?$/;
/** What stands before the name of a script: names may hold spaces and parentheses themselves. */
const BEFORE_NAME = /\(|at |async |@/g;

/** The topmost frame of an error that lies in a project module, mapped to its source. */
export function firstProjectFrame(error: unknown): ProjectFrame | undefined {
  for (const line of stackLines(error)) {
    const frame = projectFrame(line);
    if (frame !== undefined) return frame;
  }
  return undefined;
}

/** Whether an error was thrown by a package rather than by project code or the language. */
export function wasThrownByPackage(error: unknown): boolean {
  const first = stackLines(error).find((line) => !line.includes("(node:") && !line.includes("<anonymous>"));
  return first !== undefined && isOfPackage(first);
}

/** Whether a package threw while project code called it, and not some time after that. */
export function wasThrownInCall(error: unknown): boolean {
  if (!wasThrownByPackage(error)) return false;
  for (const line of stackLines(error)) {
    if (line.trim().startsWith("at async ")) return false;
    if (projectFrame(line) !== undefined) return true;
  }
  return false;
}

function stackLines(error: unknown): readonly string[] {
  // Reading `stack` formats it once; the raw names of our scripts are needed, so it must not be mapped yet.
  const stack = rawStack(error);
  return stack === undefined ? [] : stack.split("\n").filter((line) => /^\s*at /.test(line));
}

/** Set by {@link mapStackTraces} when an error's stack is formatted: the unmapped text. */
const RAW: unique symbol = Symbol("orbit-hmr:raw-stack");

function rawStack(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { stack } = error as { readonly stack?: unknown };
  const raw = (error as { readonly [RAW]?: string })[RAW] ?? stack;
  return typeof raw === "string" ? raw : undefined;
}

function projectFrame(line: string): ProjectFrame | undefined {
  const place = PLACE.exec(line.trimEnd());
  if (place === null) return undefined;
  const [, lineText, columnText] = place;
  for (const { index, 0: before } of line.matchAll(BEFORE_NAME)) {
    const scriptName = line.slice(index + before.length, place.index);
    const position = originalPosition(scriptName, Number(lineText), Number(columnText));
    if (position !== undefined) return { ...position, scriptName };
  }
  return undefined;
}

/** Rewrite the frames of a stack text that lie in project modules. */
export function mapStackText(stack: string): string {
  return stack
    .split("\n")
    .map((line) => {
      const frame = projectFrame(line);
      if (frame === undefined) return line;
      const at = line.indexOf(frame.scriptName);
      const end = line.trimEnd().endsWith(")") ? ")" : "";
      return `${line.slice(0, at)}${frame.file}:${frame.line}:${frame.column}${end}`;
    })
    .join("\n");
}

let users = 0;
let restore: (() => void) | undefined;

/**
 * Show source positions of project modules in every `error.stack` of the process, until the returned function
 * is called. Other frames look as always, and a `prepareStackTrace` that was there before still decides for
 * errors without project frames.
 */
export function mapStackTraces(): () => void {
  if (users++ === 0) restore = install();
  let isUndone = false;
  return () => {
    if (isUndone) return;
    isUndone = true;
    if (--users === 0) restore?.();
  };
}

function install(): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- Node calls it without `this` as well
  const { prepareStackTrace: previous } = Error;
  const prepare = (error: Error, frames: NodeJS.CallSite[]): unknown => {
    const isOurs = frames.some((frame) => scripts.has(frame.getFileName() ?? ""));
    if (!isOurs && previous !== undefined) return previous(error, frames);
    const text = [headOf(error), ...frames.map((frame) => `    at ${textOf(frame)}`)].join("\n");
    if (!isOurs) return text;
    Object.defineProperty(error, RAW, { value: text, configurable: true, enumerable: false });
    return mapStackText(text);
  };
  Error.prepareStackTrace = prepare;
  return () => {
    if (Error.prepareStackTrace !== prepare) return;
    if (previous === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Error.prepareStackTrace = previous;
  };
}

/** Call sites have a `toString` that Node's types do not know. */
function textOf(frame: NodeJS.CallSite): string {
  // oxlint-disable-next-line typescript/no-base-to-string -- it is the text of V8's own stack traces
  return frame.toString();
}

function headOf(error: Error): string {
  try {
    return String(error);
  } catch {
    // A hostile `toString` must not hide the frames.
    return "Error";
  }
}
