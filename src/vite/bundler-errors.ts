import path from "node:path";
import type { HotPayload } from "vite";
import type { ReloadError } from "../protocol/page-events.ts";
import type { PublicNames } from "../session/public-names.ts";
import { frameOf } from "../session/code-frame.ts";
import { transformProblem } from "./transform-problem.ts";

/** What Vite tells pages of an error. */
export type ErrorPayload = Extract<HotPayload, { readonly type: "error" }>;

/**
 * What Vite tells pages of an error, with its place: what compilers say has neither loc nor frame, and names files as they are
 * on this machine. Everything else goes on as it is.
 */
export function withPlace(payload: HotPayload, names: PublicNames): HotPayload {
  if (payload.type !== "error") return payload;
  const err = { ...payload.err, place: placeOf(payload.err, names) };
  return { ...payload, err };
}

function placeOf(err: ErrorPayload["err"], names: PublicNames): ReloadError["error"] {
  const { id, loc, frame } = err;
  const [name = ""] = (loc?.file ?? id ?? "").split("?");
  const file = path.normalize(name);
  const shown = path.isAbsolute(file) ? names.relative(file) : undefined;
  // A script in a page is a text of its own: its lines are not those of the page.
  const isPart = id?.includes("html-proxy") === true;
  if (shown === undefined || isPart) {
    const message = names.withoutRoot(err.message);
    return { message, file: shown, line: undefined, column: undefined, frame: textOr(frame) };
  }
  const said = Object.assign(new Error(err.message), err);
  const problem = transformProblem(said, file, (each) => names.relative(each));
  // Where the text is Vite's own, so is the place: parsers of ours have found nothing.
  const { line, column } = problem.line === undefined ? { line: loc?.line, column: loc?.column } : problem;
  return {
    message: names.withoutRoot(problem.message),
    file: shown,
    line,
    column,
    frame: problem.frame ?? frameOf(file, { line, column }) ?? textOr(frame),
  };
}

function textOr(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
