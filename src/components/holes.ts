import { Unreadable } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { condensedCode } from "./condensed.ts";
import type { TemplatePart } from "../protocol/component.ts";

/** Read `{{ an expression }}`; the cursor stands before it. What is in a string of the expression does not end it. */
export function takeHole(cursor: Cursor): TemplatePart {
  const { at } = cursor;
  cursor.at += 2;
  const begin = cursor.at;
  while (!cursor.sees("}}")) {
    if (cursor.isAtEnd)
      throw new Unreadable("Expected `}}` to end the `{{` here, got the end of the file.", at);
    if (cursor.sees("{{")) throw new Unreadable("Expected `}}` to end the `{{` here, got another `{{`.", at);
    if (cursor.take(STRING) === "") cursor.at++;
  }
  const hole = condensedCode(cursor.text.slice(begin, cursor.at));
  if (hole === "") throw new Unreadable("Expected an expression between `{{` and `}}`, got none.", at);
  cursor.at += 2;
  return { hole };
}

/** A string that ends in its line; an apostrophe may be a lifetime or a character, which cannot hold both braces. */
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
