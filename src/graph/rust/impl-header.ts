import type { ImplHeader, RustPath } from "./rust-text.ts";
import type { RustToken } from "./tokens.ts";
import { TokenReader } from "./token-reader.ts";

/** What is longer is looked at no further. */
const MAX_LENGTH = 300;

/** Read what stands behind `impl`, where that is an item: whose it is, and of which trait. */
export function readImplHeader(tokens: readonly RustToken[], at: number): ImplHeader {
  const reader = new TokenReader(tokens.slice(at, at + MAX_LENGTH));
  skipGenerics(reader);
  const first = reader.readTypePath(isHeadersEnd);
  skipToFor(reader);
  if (!reader.isWord("for")) return { type: first, trait: undefined };
  reader.at++;
  return { type: typeOf(reader), trait: first };
}

function typeOf(reader: TokenReader): RustPath | undefined {
  return reader.readTypePath(isHeadersEnd);
}

function isHeadersEnd(reader: TokenReader): boolean {
  return (
    reader.isMark("{") ||
    reader.isMark("}") ||
    reader.isMark(";") ||
    reader.isWord("where") ||
    reader.isWord("for")
  );
}

function skipGenerics(reader: TokenReader): void {
  if (!reader.isMark("<")) return;
  let depth = 0;
  do {
    if (reader.isMark("<")) depth++;
    if (reader.isMark(">")) depth--;
    reader.at++;
  } while (depth > 0 && !reader.isAtEnd);
}

/** Behind the trait, whose generics may hold a `for` of their own: `Fn<for<'a> fn(&'a str)>`. */
function skipToFor(reader: TokenReader): void {
  while (!reader.isAtEnd && !isHeadersEnd(reader)) {
    if (reader.isMark("<")) skipGenerics(reader);
    else reader.at++;
  }
}
