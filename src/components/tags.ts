import { decodeHTMLAttribute } from "entities/decode";
import { Unreadable } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";

/** The beginning of an element. */
export interface OpenTag {
  readonly name: string;
  /** Where it begins. */
  readonly at: number;
  readonly attributes: readonly TagAttribute[];
  /** `<br/>`: no end comes. */
  readonly isClosed: boolean;
}

/** One attribute as it is written, save for the quotes; `value` is absent where there is none. */
export interface TagAttribute {
  readonly name: string;
  readonly value?: string;
}

/** Read `<name a="b">`; the cursor stands before it. */
export function readOpenTag(cursor: Cursor): OpenTag {
  const { at } = cursor;
  cursor.at++;
  const name = cursor.take(TAG_NAME);
  if (name === "") cursor.fail("the name of a tag after `<`");
  const attributes: TagAttribute[] = [];
  for (;;) {
    const space = cursor.take(SPACE);
    const end = cursor.take(TAG_END);
    if (end !== "") return { name, at, attributes, isClosed: end.startsWith("/") };
    if (cursor.isAtEnd)
      throw new Unreadable(`Expected \`>\` to end the tag \`<${name}\`, got the end of the file.`, at);
    if (space === "") cursor.fail(`a space, or \`>\` to end the tag \`<${name}\``);
    attributes.push(readAttribute(cursor, name, attributes));
  }
}

/** Read `</name>`, and give its name; the cursor stands before it. */
export function readCloseTag(cursor: Cursor): string {
  cursor.at += 2;
  const name = cursor.take(TAG_NAME);
  if (name === "") cursor.fail("the name of a tag after `</`");
  if (cursor.take(/[ \t\n\f]*>/y) === "") cursor.fail(`\`>\` to end the tag \`</${name}\``);
  return name;
}

/** Pass `<!-- a comment -->`; the cursor stands before it. */
export function passComment(cursor: Cursor): void {
  const { at } = cursor;
  cursor.at += "<!--".length;
  if (cursor.takeThrough("-->") === undefined)
    throw new Unreadable("Expected `-->` to end the comment that begins here, got the end of the file.", at);
}

/** The text until one of these elements ends, which is passed; elements in it are none. */
export function takeRawText(cursor: Cursor, names: readonly string[], open: OpenTag): string {
  // A name of a tag may hold what means something else in an expression.
  const either = names.map((name) => name.replaceAll(/\W/g, String.raw`\$&`)).join("|");
  const end = new RegExp(`</(?:${either})[ \\t\\n\\f]*>`, "g");
  end.lastIndex = cursor.at;
  const found = end.exec(cursor.text);
  if (found === null)
    throw new Unreadable(
      `Expected \`</${open.name}>\` to end the \`<${open.name}>\` that begins here, got the end of the file.`,
      open.at,
    );
  const text = cursor.text.slice(cursor.at, found.index);
  cursor.at = end.lastIndex;
  return text;
}

/** The attributes of a section, as plain text. */
export function plainAttributes(attributes: readonly TagAttribute[]): Readonly<Record<string, string>> {
  return recordOf(attributes.map(({ name, value = "" }) => [name, decodeHTMLAttribute(value)]));
}

/** A record that has nothing but what is in it: an attribute may be called `__proto__`. */
export function recordOf(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries);
}

const TAG_NAME = /[a-z][^\s"'<>/=]*/iy;
const SPACE = /[ \t\n\f]+/y;
const TAG_END = /\/?>/y;
const ATTRIBUTE_NAME = /[^\s"'<>/=]+/y;
const PLAIN_VALUE = /[^\s"'`=<>]+/y;

function readAttribute(cursor: Cursor, tag: string, before: readonly TagAttribute[]): TagAttribute {
  const { at } = cursor;
  const name = cursor.take(ATTRIBUTE_NAME);
  if (name === "") cursor.fail(`the name of an attribute, or \`>\` to end the tag \`<${tag}\``);
  if (before.some((other) => other.name === name))
    throw new Unreadable(`Expected each attribute once, got \`${name}\` twice in \`<${tag}>\`.`, at);
  const equals = cursor.take(/[ \t\n\f]*=[ \t\n\f]*/y);
  return equals === "" ? { name } : { name, value: readValue(cursor, name) };
}

function readValue(cursor: Cursor, name: string): string {
  const quote = cursor.take(/["']/y);
  if (quote === "") {
    const value = cursor.take(PLAIN_VALUE);
    return value === "" ? cursor.fail(`a value for the attribute \`${name}\``) : value;
  }
  const at = cursor.at - 1;
  const value = cursor.takeThrough(quote);
  if (value === undefined)
    throw new Unreadable(
      `Expected ${quote} to end the value of \`${name}\` that begins here, got the end of the file.`,
      at,
    );
  return value;
}
