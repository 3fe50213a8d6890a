import { Unreadable } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { takeHole } from "./holes.ts";
import { passComment, readCloseTag, readOpenTag, takeRawText } from "./tags.ts";
import type { OpenTag } from "./tags.ts";
import type { TemplatePart } from "../protocol/component.ts";

/** A template as it is written, comments left away. */
export type MarkupNode = MarkupElement | MarkupText;

/** An element with what is in it. */
export interface MarkupElement {
  readonly kind: "element";
  readonly tag: OpenTag;
  readonly children: readonly MarkupNode[];
}

/** Text with its holes, entities and space as they are written. */
export interface MarkupText {
  readonly kind: "text";
  readonly parts: readonly TemplatePart[];
}

/** Elements without an end. */
const VOID = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));
/** What is in them is no markup. */
const RAW = new Set(["script", "style"]);
/** What is in them is text with holes, but without elements. */
const TEXT_ONLY = new Set(["textarea", "title"]);
/** Whoever reads a tree goes down as deep as it is, and the stack has an end. */
const MAX_DEPTH = 512;

type OpenElement = { readonly tag: OpenTag; readonly children: MarkupNode[] };

/** Read all that is in an element until its end, which is passed; the cursor stands behind its tag. */
export function readMarkup(cursor: Cursor, open: OpenTag): readonly MarkupNode[] {
  const root: OpenElement = { tag: open, children: [] };
  const stack: OpenElement[] = [root];
  for (;;) {
    const innermost = stack.at(-1) ?? root;
    if (cursor.isAtEnd) throw unclosed(innermost.tag, "the end of the file");
    if (cursor.sees("<!--")) passComment(cursor);
    else if (cursor.sees("</")) {
      passEnd(cursor, innermost.tag);
      stack.pop();
      if (stack.length === 0) return root.children;
    } else if (cursor.take(/<(?=[a-z])/iy) === "<") {
      cursor.at--;
      const element = readElement(cursor);
      innermost.children.push({ kind: "element", ...element });
      if (isOpen(element.tag)) stack.push(element);
      if (stack.length > MAX_DEPTH)
        throw new Unreadable(`Expected at most ${MAX_DEPTH} elements within each other.`, element.tag.at);
    } else addText(innermost.children, readText(cursor));
  }
}

function isOpen({ name, isClosed }: OpenTag): boolean {
  return !isClosed && !VOID.has(name) && !RAW.has(name) && !TEXT_ONLY.has(name);
}

/** The tag of an element, and all of it where no markup is in it. */
function readElement(cursor: Cursor): OpenElement {
  const tag = readOpenTag(cursor);
  const children: MarkupNode[] = [];
  if (tag.isClosed) return { tag, children };
  if (RAW.has(tag.name)) {
    const text = takeRawText(cursor, [tag.name], tag);
    if (text !== "") children.push({ kind: "text", parts: [text] });
  }
  if (TEXT_ONLY.has(tag.name)) {
    while (!cursor.sees("</")) {
      if (cursor.isAtEnd) throw unclosed(tag, "the end of the file");
      addText(children, cursor.sees("{{") ? [takeHole(cursor)] : [cursor.take(/[^<{]+|[<{]/y)]);
    }
    passEnd(cursor, tag);
  }
  return { tag, children };
}

function passEnd(cursor: Cursor, open: OpenTag): void {
  const { at } = cursor;
  const name = readCloseTag(cursor);
  if (name === open.name) return;
  if (VOID.has(name)) throw new Unreadable(`Expected no end of a \`<${name}>\`, got \`</${name}>\`.`, at);
  throw new Unreadable(`Expected \`</${open.name}>\`, got \`</${name}>\`.`, at);
}

function unclosed(open: OpenTag, got: string): Unreadable {
  return new Unreadable(
    `Expected \`</${open.name}>\` to end the \`<${open.name}>\` that begins here, got ${got}.`,
    open.at,
  );
}

function readText(cursor: Cursor): readonly TemplatePart[] {
  if (cursor.sees("{{")) return [takeHole(cursor)];
  // `a < b` is text. Anything else after `<` is a tag that somebody has begun to type.
  if (cursor.sees("<")) {
    const text = cursor.take(/<(?=[ =\d])/y);
    if (text === "") cursor.fail("a tag, or `&lt;` for a `<` that is text");
    return [text];
  }
  return [cursor.take(/[^<{]+|\{/y)];
}

/** Put text behind what is there: where a comment stood between two texts, they are one. */
function addText(children: MarkupNode[], parts: readonly TemplatePart[]): void {
  const last = children.at(-1);
  if (last?.kind !== "text") children.push({ kind: "text", parts });
  else children.splice(-1, 1, { kind: "text", parts: [...last.parts, ...parts] });
}
