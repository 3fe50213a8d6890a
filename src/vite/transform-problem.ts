import { stripVTControlCharacters } from "node:util";
import { parseSync } from "vite";
import { ModuleProblem } from "../runtime/index.ts";
import { frameOf, readText } from "../session/code-frame.ts";
import { placeAt } from "../protocol/text-position.ts";
import type { TextPosition } from "../protocol/text-position.ts";
import { messageOf } from "../protocol/message-of.ts";

/** What a transform, parse or load error says, in one shape: plugins and compilers each have their own. */
export function transformProblem(
  error: unknown,
  file: string,
  displayPath: (file: string) => string,
): ModuleProblem {
  if (error instanceof ModuleProblem) return error;
  const fields = (typeof error === "object" && error !== null ? error : {}) as PluginErrorLike;
  if (fields.code === "ERR_LOAD_URL") return notLoaded(file, displayPath(file), error);
  const fault = syntaxErrorIn(file) ?? {
    message: summaryOf(error),
    place: placeOf(fields, messageOf(error)),
  };
  return new ModuleProblem({
    kind: "transform",
    message: fault.message,
    file,
    position: fault.place,
    frame: frameOf(file, fault.place),
    cause: error,
  });
}

interface PluginErrorLike {
  readonly loc?: unknown;
  readonly errors?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
}

interface Fault {
  readonly message: string;
  readonly place: TextPosition | undefined;
}

function notLoaded(file: string, name: string, cause: unknown): ModuleProblem {
  const message = /[?#]/.test(name)
    ? `Cannot load ${name}: Vite takes what follows ? or # for no part of the name. Rename the file.`
    : `Cannot find ${name}. Create the file or remove what refers to it.`;
  return new ModuleProblem({ kind: "unresolved", message, file, cause });
}

/**
 * What the parser says about the file as it was written. The errors of a pipeline are worse: each of its steps reports
 * in its own words, some without a place, some with that in a text that nobody wrote.
 */
export function syntaxErrorIn(file: string): Fault | undefined {
  const text = /\.[cm]?[jt]sx?$/.test(file) ? readText(file) : undefined;
  if (text === undefined) return undefined;
  const [first] = parseSync(file, text).errors;
  if (first === undefined) return undefined;
  const offset = first.labels[0]?.start;
  return { message: first.message, place: offset === undefined ? undefined : placeAt(text, offset) };
}

function placeOf(fields: PluginErrorLike, message: string): TextPosition | undefined {
  const [first] = Array.isArray(fields.errors) ? (fields.errors as readonly PluginErrorLike[]) : [];
  const text = typeof first?.message === "string" ? stripVTControlCharacters(first.message) : "";
  return placeInFrame(text) ?? asPlace(fields.loc) ?? asPlace(first?.loc) ?? placeInWords(message);
}

function asPlace(loc: unknown): TextPosition | undefined {
  if (typeof loc !== "object" || loc === null || !("line" in loc) || !("column" in loc)) return undefined;
  const { line, column } = loc;
  // Compilers count columns from 0, people and editors from 1.
  return typeof line === "number" && typeof column === "number" ? { line, column: column + 1 } : undefined;
}

/** `[ file.ts:3:14 ]`, the head of a compiler's frame: it points closer to the fault than the error's own offset. */
function placeInFrame(text: string): TextPosition | undefined {
  const match = /:(\d+):(\d+)\s*\]/.exec(text);
  return match === null ? undefined : { line: Number(match[1]), column: Number(match[2]) };
}

/** `at line 1 column 10`, as parsers of data say it. */
function placeInWords(text: string): TextPosition | undefined {
  const match = /line (\d+) column (\d+)/.exec(text);
  return match === null ? undefined : { line: Number(match[1]), column: Number(match[2]) };
}

/** The sentence of a compiler's message, without the frames and paths around it. */
function summaryOf(error: unknown): string {
  const lines = messageOf(error)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^[╭│╰─·┬>|\d]/u.test(line));
  const text =
    lines.find((line) => !/^(Transform failed|Parse failure|Build failed)/.test(line)) ?? lines[0] ?? "";
  return text.replace(/^\[[A-Z_]+\]\s*(Error:\s*)?/, "");
}
