import { isOwnScript } from "../own-scripts.ts";
import type { Callable } from "./patch.ts";

/** How a stack leads to project code. */
export type Path =
  | ProjectPath
  | { readonly kind: "foreign" }
  /** A package is being loaded, or this package itself is at work. */
  | { readonly kind: "nobody" };

/** A project module is nearest. */
export interface ProjectPath {
  readonly kind: "project";
  readonly scriptName: string;
  readonly isDirect: boolean;
}

const PROJECT_SCRIPT = /\?orbit=\d+$/;

/** Whether a script is the text of a project module. */
export function isProjectScript(name: string): boolean {
  return PROJECT_SCRIPT.test(name);
}

/** The name of the function that calls what a package has given to a timer (`timers.ts`). */
const CONTINUATION = "continuation";

/** Follow a stack from the patched function on down. */
export function readPath(
  frames: readonly NodeJS.CallSite[],
  passesOn: (frame: NodeJS.CallSite) => boolean,
): Path {
  let isDirect = true;
  for (const frame of frames) {
    // Who awaits is not who calls: the synchronous stack ends here.
    if (isAwaiting(frame)) break;
    const name = frame.getFileName();
    if (!name) continue;
    if (isProjectScript(name)) return { kind: "project", scriptName: name, isDirect };
    const isOwn = isOwnScript(name);
    // The callback of a package's timer is called by ours.
    if (isOwn && frame.getFunctionName() === CONTINUATION) break;
    if (isLoader(name) || isOwn) return { kind: "nobody" };
    if (!name.startsWith("node:")) isDirect = false;
    else if (isDirect && !passesOn(frame)) return { kind: "nobody" };
  }
  return { kind: "foreign" };
}

/** Node loads a package, or opens a connection for a pool that everybody shares. */
function isLoader(name: string): boolean {
  return (
    name.startsWith("node:internal/modules/") ||
    name === "node:_http_agent" ||
    name.startsWith("node:internal/deps/undici/")
  );
}

/** Whether a frame only waits for what is below it. */
export function isAwaiting(frame: NodeJS.CallSite): boolean {
  return "isAsync" in frame && typeof frame.isAsync === "function" && frame.isAsync();
}

/** The frames of whoever has called a patched function. */
export function framesBelow(callee: Callable, depth: number): readonly NodeJS.CallSite[] {
  const { stackTraceLimit } = Error;
  const prepare = Reflect.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const call: { stack?: unknown } = {};
  let frames: readonly NodeJS.CallSite[] = [];
  try {
    Error.stackTraceLimit = depth;
    Error.prepareStackTrace = (_error, sites) => {
      frames = sites;
      return "";
    };
    Error.captureStackTrace(call, callee);
    void call.stack; // formatting is lazy
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepare === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", prepare);
  }
  return frames;
}
