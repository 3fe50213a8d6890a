import type { FileRead } from "../host.ts";
import { currentContext } from "../model/context.ts";
import type { Context } from "../model/context.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleSource } from "../model/module-source.ts";
import { findGeneration } from "../ownership/opener.ts";
import type { Callable } from "../ownership/patch.ts";
import { framesBelow, isAwaiting, isProjectScript } from "../ownership/stack-path.ts";
import { isOwnScript } from "../own-scripts.ts";

/*
 * What a request reads of a file, and no expression of a module keeps, may be kept by a package. Nobody can see that, but
 * the stack says where it would be:
 *
 *     module ─> package ─> fs     `views.render(name)`: in what the module has made of the package; it can be made anew.
 *                                 `ejs.renderFile(name)`: in the package itself; that can only be said
 *     package ─> module ─> fs     `memoize(() => readFileSync(name))`: in what the package has made of the function
 *
 * Unless it is read anew by a later request: then nobody keeps it.
 */

/** A package stands between a module and what it calls, or calls it. */
const FRAMES = 40;

/** A call in a module's text that is under way. */
interface RunningCall {
  readonly generation: Generation;
  /** Into the text of the module. */
  readonly offset: number;
}

/** How a stack leads from a function of `fs` outwards. */
interface ReadPath {
  /** Nearest to the read. */
  readonly package?: string;
  readonly call?: RunningCall;
  /** The call belongs to a function that a package has called. */
  readonly isCalledByPackage?: boolean;
}

/** A request reads a file, for nothing that a text says it keeps. `callee` is the function that was called for it. */
export function noteRequestRead(callee: Callable, read: FileRead): void {
  const context = currentContext();
  if (context?.request === undefined || read.asks !== "content") return;
  const { call, package: by, isCalledByPackage = false } = readPath(framesBelow(callee, FRAMES), context);
  const outside = call?.generation.outside;
  if (call === undefined || outside === undefined) return;
  const { callsOnMade, capturedCode } = call.generation.source.analysis;
  const mayKeep =
    by === undefined ? isCalledByPackage && covers(capturedCode, call) : covers(callsOnMade, call);
  if (mayKeep) outside.noteRequestRead(read, context.request, undefined);
  else if (by !== undefined) outside.noteRequestRead(read, context.request, by);
}

function readPath(frames: readonly NodeJS.CallSite[], context: Context): ReadPath {
  let by: string | undefined;
  let call: RunningCall | undefined;
  for (const [frame, name] of outerCode(frames)) {
    const isProject = isProjectScript(name);
    // Who awaits a module's function is not who calls it.
    if (call !== undefined && isAwaiting(frame)) break;
    if (call !== undefined && !isProject) return { call, isCalledByPackage: true };
    if (isProject) call = runningCall(frame, name, context);
    else by ??= packageOf(name);
    if (by !== undefined && call !== undefined) break;
  }
  return { ...(by !== undefined && { package: by }), ...(call !== undefined && { call }) };
}

/** The frames of packages and modules, up to who has called a handler. */
function* outerCode(frames: readonly NodeJS.CallSite[]): Iterable<readonly [NodeJS.CallSite, string]> {
  let isInside = true;
  for (const frame of frames) {
    const name = frame.getFileName() ?? "";
    if (name === "" || name.startsWith("node:")) continue;
    // The first frames may be those of others that stand before the same function.
    if (isOwnScript(name) && !isInside) return;
    isInside &&= isOwnScript(name);
    if (!isInside) yield [frame, name];
  }
}

function runningCall(frame: NodeJS.CallSite, scriptName: string, context: Context): RunningCall | undefined {
  const generation = findGeneration(scriptName, context);
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (generation === undefined || line === null || column === null) return undefined;
  const { source } = generation;
  if (source.compiled.format !== "module") return undefined;
  return {
    generation,
    offset: (linesOf(source)[line - 1] ?? 0) + source.compiled.columnBefore(line, column) - 1,
  };
}

const lines = new WeakMap<ModuleSource, readonly number[]>();

/** Where the lines of a text begin. */
function linesOf(source: ModuleSource): readonly number[] {
  const known = lines.get(source);
  if (known !== undefined) return known;
  const starts = [0, ...[...source.code.matchAll(/\n/g)].map(({ index }) => index + 1)];
  lines.set(source, starts);
  return starts;
}

function covers(ranges: ModuleSource["analysis"]["capturedCode"], { offset }: RunningCall): boolean {
  return ranges.some(([start, end]) => start <= offset && offset < end);
}

/** The name of the package that a script belongs to; the file where it is none of `node_modules`. */
function packageOf(script: string): string {
  return /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(script)?.[1] ?? script;
}
