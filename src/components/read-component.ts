import type { Component, ComponentProblem, ComponentSection } from "./component.ts";
import { Cursor, Unreadable } from "./cursor.ts";
import { readMarkup } from "./markup.ts";
import { hindranceOfSheet } from "./sheet.ts";
import { passComment, plainAttributes, readOpenTag, takeRawText } from "./tags.ts";
import type { OpenTag } from "./tags.ts";
import { readTemplate } from "./template.ts";

/**
 * Read the text of a component's file. Line ends and a byte order mark say nothing; sections are elements at the top level.
 *
 * @returns a problem where the text is not one that a build could take, which is what half-typed text is
 */
export function readComponent(text: string): Component | ComponentProblem {
  const cursor = new Cursor(text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n"));
  try {
    return readSections(cursor);
  } catch (error) {
    if (error instanceof Unreadable) return error.in(cursor.text);
    throw error;
  }
}

function readSections(cursor: Cursor): Component {
  const sections: ComponentSection[] = [];
  let outside = "";
  while (!cursor.isAtEnd) {
    if (cursor.sees("<!--")) passComment(cursor);
    else if (/^<[a-z]/i.test(cursor.text.slice(cursor.at, cursor.at + 2)))
      sections.push(readSection(cursor, sections));
    else {
      const text = cursor.take(/[^<]+|<(?=\S)/y);
      if (text === "") cursor.fail("a tag");
      outside += text;
    }
  }
  if (sections.length === 0) cursor.fail("a `<template>`, a `<style>` or a `<code>`", 0);
  return { kind: "component", sections, outside: outside.trim().replaceAll(/\s+/g, " ") };
}

function readSection(cursor: Cursor, before: readonly ComponentSection[]): ComponentSection {
  const open = readOpenTag(cursor);
  const tag = open.name;
  const attributes = plainAttributes(open.attributes);
  if (tag === "template") {
    if (before.some((section) => section.tag === tag))
      throw new Unreadable("Expected one `<template>`, got a second one.", open.at);
    if (isPlain(attributes, "html")) {
      const start = cursor.at;
      const nodes = open.isClosed ? [] : readTemplate(readMarkup(cursor, open));
      const text = cursor.text.slice(start, cursor.at).replace(/<\/template\s*>$/i, "");
      return { kind: "template", tag, attributes, text, nodes };
    }
  }
  const { at } = cursor;
  const text = open.isClosed ? "" : takeRawText(cursor, endsOf(open), open);
  if (tag !== "style" || !isPlain(attributes, "css")) return { kind: "text", tag, attributes, text };
  const hindrance = hindranceOfSheet(text);
  if (hindrance !== undefined) throw new Unreadable(hindrance.message, at + hindrance.at);
  return { kind: "style", tag, attributes, css: text, isScoped: attributes["scoped"] !== "false" };
}

/** Whether all that a section's attributes say is known here. */
function isPlain(attributes: Readonly<Record<string, string>>, lang: string): boolean {
  return Object.entries(attributes).every(([name, value]) =>
    name === "lang"
      ? value === lang
      : lang === "css" && name === "scoped" && ["", "true", "false"].includes(value),
  );
}

/** `<script>` is the older name of `<code>`, and its end has remained one of both. */
function endsOf({ name }: OpenTag): readonly string[] {
  return name === "code" ? ["code", "script"] : [name];
}
