import inspector from "node:inspector";
import path from "node:path";
import vm from "node:vm";
import type { SourceMapLike } from "../host.ts";
import type { TextPosition } from "../../protocol/text-position.ts";
import { identityMappings, shiftMappings } from "./mappings.ts";

type Compiled = (...values: unknown[]) => unknown;

/** V8 does not compile a text. The place is that of the text, before anything was put into it. */
export class SyntaxFault extends Error implements TextPosition {
  readonly line: number;
  readonly column: number;

  constructor(error: SyntaxError, prefixLength: number) {
    super(error.message, { cause: error });
    const { line, column } = placeOf(error);
    this.line = line;
    this.column = line === 1 ? column - prefixLength : column;
  }
}

/** Node says where at the head of the stack: `file:line`, the line, and a mark below it. */
function placeOf({ stack = "" }: SyntaxError): TextPosition {
  const match = /^.+:(\d+)\n.*\n( *)\^/.exec(stack);
  return { line: Number(match?.[1] ?? 1), column: (match?.[2] ?? "").length + 1 };
}

/** The text of a function, and what debuggers have to know of it. */
interface FunctionText {
  /** Its body; the text that the source map is of stands in it, edited within its lines. */
  readonly body: string;
  readonly parameters: readonly string[];
  readonly scriptName: string;
  /** How many characters stand in the first line before the text. */
  readonly prefixLength: number;
  readonly code: string;
  readonly file: string;
  readonly map: SourceMapLike | undefined;
  /** Where a column of the text is in the body. Lines and columns count from 1. @default where it was */
  readonly columnAfter?: (line: number, column: number) => number;
}

/**
 * Compile a function so that debuggers find it, while one may be attached.
 *
 * `compileFunction` costs less, and nothing of it stays: V8 keeps scripts as long as nobody debugs, and its eval cache
 * every version of a text. But debuggers are not told of its source map before it runs, so that a breakpoint comes too late.
 *
 * @throws {SyntaxFault} if it cannot be compiled
 */
export function compileText(text: FunctionText): Compiled {
  const { parameters, prefixLength } = text;
  const isDebugged = inspector.url() !== undefined;
  const head = isDebugged ? `(function(${parameters.join(",")}){` : "";
  try {
    return isDebugged ? compileScript(text, head) : compileFunction(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new SyntaxFault(error, head.length + prefixLength) : error;
  }
}

const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;

function compileFunction({ body, parameters, scriptName, prefixLength }: FunctionText): Compiled {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a function of these parameters is what it makes
  return vm.compileFunction(body, parameters, {
    filename: scriptName,
    columnOffset: -prefixLength,
    importModuleDynamically,
  }) as Compiled;
}

function compileScript(text: FunctionText, head: string): Compiled {
  const { body, scriptName, prefixLength } = text;
  const script = new vm.Script(`${head}${body}\n})\n//# sourceMappingURL=${mapUrl(text)}`, {
    filename: scriptName,
    columnOffset: -(head.length + prefixLength),
    importModuleDynamically,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the script is this function and nothing else
  return script.runInThisContext() as Compiled;
}

/** Absolute sources: the script's own name has a number in it, so nothing is relative to that. */
function mapUrl({ code, file, map, columnAfter }: FunctionText): string {
  const isMapped = map !== undefined && map.mappings !== "";
  const mappings = isMapped ? map.mappings : identityMappings(code);
  const sources = isMapped
    ? map.sources.map((source) => path.resolve(path.dirname(file), source ?? file))
    : [file];
  const shifted = columnAfter === undefined ? mappings : shiftMappings(mappings, columnAfter);
  const json = JSON.stringify({ version: 3, names: [], sources, mappings: shifted });
  return `data:application/json;charset=utf-8;base64,${Buffer.from(json).toString("base64")}`;
}
