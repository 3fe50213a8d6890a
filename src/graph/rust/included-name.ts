import type { IncludedName } from "./rust-text.ts";
import type { TokenReader } from "./token-reader.ts";

/** So many parts of a name are read. */
const MAX_PARTS = 64;

/** The macros that include a file, and whether what they include is code. */
export const INCLUDING: ReadonlyMap<string, boolean> = new Map([
  ["include", true],
  ["include_str", false],
  ["include_bytes", false],
]);

/** Read the name in `include!(…)`, from its bracket on; `undefined` for one that only the compiler knows. */
export function readIncludedName(reader: TokenReader): IncludedName | undefined {
  const parts = readParts(reader);
  if (parts === undefined) return undefined;
  const [first = "", ...rest] = parts;
  const texts = rest.filter((part) => typeof part === "string");
  if (texts.length < rest.length) return undefined;
  const name = texts.join("");
  if (typeof first === "string") return { from: "file", name: first + name };
  if (first.variable === "OUT_DIR") return { from: "build" };
  return first.variable === "CARGO_MANIFEST_DIR" ? { from: "package", name } : undefined;
}

type Part = string | { readonly variable: string };

/** Of a text, of `env!`, or of `concat!` of such: whatever is nested in it is one list. */
function readParts(reader: TokenReader): readonly Part[] | undefined {
  const parts: Part[] = [];
  let depth = 0;
  do {
    if (isOneOf("([{", reader)) depth++;
    else if (isOneOf(")]}", reader)) depth--;
    else if (!isOneOf(",", reader)) {
      const part = readPart(reader);
      if (part === undefined) return undefined;
      if (part !== CONCAT) parts.push(part);
    }
    reader.at++;
  } while (depth > 0 && !reader.isAtEnd && parts.length < MAX_PARTS);
  return depth === 0 && parts.length > 0 ? parts : undefined;
}

const CONCAT: unique symbol = Symbol("concat");

/** Read up to the last token of a part. */
function readPart(reader: TokenReader): Part | typeof CONCAT | undefined {
  const { kind, text } = reader.peek();
  if (kind === "text") return text;
  if (!reader.isMark("!", 1)) return undefined;
  if (reader.isWord("concat")) {
    reader.at++;
    return CONCAT;
  }
  const variable = reader.peek(3);
  if (!reader.isWord("env") || variable.kind !== "text") return undefined;
  reader.at += 4;
  return { variable: variable.text };
}

function isOneOf(marks: string, reader: TokenReader): boolean {
  const { kind, text } = reader.peek();
  return kind === "mark" && marks.includes(text);
}
