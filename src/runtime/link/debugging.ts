import inspector from "node:inspector";
import path from "node:path";
import vm from "node:vm";
import type { SourceMapLike } from "../host.ts";
import { identityMappings, shiftMappings } from "./mappings.ts";

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
 */
export function compileText(text: FunctionText): (...values: unknown[]) => unknown {
  const { body, parameters, scriptName, prefixLength } = text;
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  if (inspector.url() === undefined)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a function of these parameters is what it makes
    return vm.compileFunction(body, parameters, {
      filename: scriptName,
      columnOffset: -prefixLength,
      importModuleDynamically,
    }) as (...values: unknown[]) => unknown;
  const head = `(function(${parameters.join(",")}){`;
  const script = new vm.Script(`${head}${body}\n})\n//# sourceMappingURL=${mapUrl(text)}`, {
    filename: scriptName,
    columnOffset: -(head.length + prefixLength),
    importModuleDynamically,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the script is this function and nothing else
  return script.runInThisContext() as (...values: unknown[]) => unknown;
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
