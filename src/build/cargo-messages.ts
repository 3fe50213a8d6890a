import path from "node:path";
import type { Diagnostic } from "../protocol/build.ts";
import { shownFile } from "./diagnostics.ts";
import { fieldOf, listIn, textIn } from "./json-fields.ts";

/** What cargo says on its standard output, as far as it is used here. */
export type CargoMessage =
  | { readonly type: "diagnostic"; readonly diagnostic: Diagnostic }
  | {
      readonly type: "artifact";
      readonly isFresh: boolean;
      /** Whether others can have to wait for it: it is no program. */
      readonly isUsed: boolean;
    }
  | { readonly type: "finished"; readonly isOk: boolean }
  | { readonly type: "other" };

/** Where the names in messages lead from, and what they are shown relative to. */
export interface CargoFolders {
  readonly workspace: string;
  readonly root: string;
}

/** A line of cargo's; `undefined` for one of somebody else, such as a program that it has started. */
export function readCargoLine(line: string, folders: CargoFolders): CargoMessage | undefined {
  if (!line.startsWith("{")) return undefined;
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch {
    return undefined;
  }
  switch (textIn(said, "reason")) {
    case "compiler-message":
      return diagnosticOf(fieldOf(said, "message"), folders);
    case "compiler-artifact":
      return {
        type: "artifact",
        isFresh: fieldOf(said, "fresh") === true,
        isUsed: !listIn(fieldOf(said, "target"), "kind").includes("bin"),
      };
    case "build-finished":
      return { type: "finished", isOk: fieldOf(said, "success") === true };
    case "build-script-executed":
      return { type: "other" };
    case undefined:
    default:
  }
  // A program may print JSON as well.
  return undefined;
}

function diagnosticOf(message: unknown, folders: CargoFolders): CargoMessage {
  const text = textIn(message, "message") ?? "";
  const level = textIn(message, "level") ?? "error";
  const spans = listIn(message, "spans");
  // Sums of others, which are counted here.
  if (level === "failure-note" || /^aborting due to |^\d+ warnings? emitted/.test(text))
    return { type: "other" };
  const span = placeInProject(spans.find((each) => fieldOf(each, "is_primary") === true) ?? spans[0]);
  const file = textIn(span, "file_name");
  return {
    type: "diagnostic",
    diagnostic: {
      level: level.startsWith("error") ? "error" : level === "warning" ? "warning" : "note",
      message: text,
      ...(file !== undefined && { file: shownFile(path.resolve(folders.workspace, file), folders.root) }),
      ...numberIn(span, "line_start", "line"),
      ...numberIn(span, "column_start", "column"),
      rendered: textIn(message, "rendered"),
    },
  };
}

/** Where a macro of another crate has been used is where one can do something about it. */
function placeInProject(primary: unknown): unknown {
  let span = primary;
  while (path.isAbsolute(textIn(span, "file_name") ?? "")) {
    const used = fieldOf(fieldOf(span, "expansion"), "span");
    if (used === undefined) break;
    span = used;
  }
  return span;
}

function numberIn(value: unknown, name: string, as: "line" | "column"): Pick<Diagnostic, "line" | "column"> {
  const field = fieldOf(value, name);
  return typeof field === "number" && Number.isSafeInteger(field) && field > 0 ? { [as]: field } : {};
}
