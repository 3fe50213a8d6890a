import type { TemplatePart, TemplateText } from "../../protocol/component.ts";
import type { ReadText } from "./read-children.ts";
import { Refusal } from "./refusal.ts";
import { isSameText } from "./template-versions.ts";

/** What a text becomes: its nodes in their order, and what is to be written into which. */
export interface FilledText {
  readonly nodes: readonly Text[];
  readonly writes: readonly { readonly node: Text; readonly data: string }[];
  /** Holes that are not in it any more, with what stood for them. */
  readonly dropped: readonly { readonly hole: string; readonly value: HoleValue }[];
}

/** The nodes that code writes a value into; or what it was, where the whole text is what code writes. */
export type HoleValue = readonly Text[] | string;

/** What stands for a hole that was not in a text before. */
export type FindHole = (hole: string) => HoleValue | undefined;

/** Write a text anew, with what stands in its holes. */
export function fillText(read: ReadText, target: TemplateText, find: FindHole): FilledText {
  const { form, nodes } = read;
  if (isSameText(form, target)) return { nodes, writes: [], dropped: [] };
  if (!read.isSure) throw new Refusal("Nobody can tell what stands in which hole of a text.");
  const [only] = nodes;
  const own = new HolesOf(read, find);
  if (read.partNodes !== undefined && (nodes.length > 1 || holesIn(form).length === form.parts.length))
    return fillByNode(read, read.partNodes, target, own);
  if (nodes.length > 1 && holesIn(form).length > 0) throw new Refusal("A text is drawn in another way.");
  const data = saidBy(read, target, (hole) => own.valueOf(hole));
  if (only === undefined && holesIn(target).length > 0) throw new Refusal("A text is not drawn.");
  const node = only ?? document.createTextNode("");
  if (data === "" && holesIn(target).length === 0) return { nodes: [], writes: [], dropped: own.left() };
  return { nodes: [node], writes: [{ node, data }], dropped: own.left() };
}

/** A text that was not there before. */
export function newText(target: TemplateText, find: FindHole): readonly Text[] {
  return target.parts.flatMap((part) => {
    if (typeof part === "string") return document.createTextNode(part);
    const nodes = find(part.hole);
    if (nodes === undefined || typeof nodes === "string")
      throw new Refusal(`Nobody can tell what {{ ${part.hole} }} is.`);
    return nodes;
  });
}

export function holesIn({ parts }: TemplateText): readonly string[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : part.hole));
}

/** What stands in the holes of a text, each to be taken once. */
class HolesOf {
  readonly #values: { readonly hole: string; readonly value: HoleValue }[];
  readonly #find: FindHole;

  constructor({ form, values, partNodes }: ReadText, find: FindHole) {
    this.#find = find;
    this.#values = form.parts.flatMap((part, index) =>
      typeof part === "string" ? [] : { hole: part.hole, value: partNodes?.[index] ?? values[index] ?? "" },
    );
  }

  take(hole: string): HoleValue | undefined {
    const at = this.#values.findIndex((each) => each.hole === hole);
    return at === -1 ? this.#find(hole) : this.#values.splice(at, 1)[0]?.value;
  }

  valueOf(hole: string): string {
    const value = this.take(hole);
    if (value === undefined) throw new Refusal(`Nobody can tell what {{ ${hole} }} is.`);
    if (typeof value === "string") return value;
    return value.map(({ data }) => data).join("");
  }

  nodesOf(hole: string): readonly Text[] {
    const value = this.take(hole);
    if (value === undefined || typeof value === "string")
      throw new Refusal(`Nobody can tell what {{ ${hole} }} is.`);
    return value;
  }

  left(): FilledText["dropped"] {
    return this.#values;
  }
}

function saidBy(read: ReadText, { parts }: TemplateText, valueOf: (hole: string) => string): string {
  return parts
    .map((part, index) => {
      if (typeof part !== "string") return valueOf(part.hole);
      return edged(part, read, index === 0, index === parts.length - 1);
    })
    .join("");
}

/** The space at the ends of a text is left as it is drawn, unless the template says something new of it. */
function edged(part: string, { form, lead, trail }: ReadText, isFirst: boolean, isLast: boolean): string {
  const before = hasSpace(form.parts[0], /^\s/);
  const after = hasSpace(form.parts.at(-1), /\s$/);
  const begun = isFirst && before && hasSpace(part, /^\s/) ? lead + part.replace(/^\s+/, "") : part;
  if (!isLast || !after || !hasSpace(part, /\s$/) || begun.trim() === "") return begun;
  return begun.replace(/\s+$/, "") + trail;
}

function hasSpace(part: TemplatePart | undefined, where: RegExp): boolean {
  return typeof part === "string" && where.test(part);
}

/** Holes keep their nodes, whatever is written around them: code goes on writing into them. */
function fillByNode(
  read: ReadText,
  partNodes: readonly (readonly Text[])[],
  target: TemplateText,
  own: HolesOf,
): FilledText {
  const { parts } = read.form;
  const writes: { node: Text; data: string }[] = [];
  const nodes: Text[] = [];
  // What stood before a hole stands before it again.
  const staticBefore = (hole: string | undefined): readonly Text[] => {
    const at =
      hole === undefined
        ? parts.length
        : parts.findIndex((part) => typeof part !== "string" && part.hole === hole);
    return typeof parts[at - 1] === "string" ? (partNodes[at - 1] ?? []) : [];
  };
  for (const [index, part] of target.parts.entries()) {
    if (typeof part !== "string") {
      nodes.push(...own.nodesOf(part.hole));
      continue;
    }
    const next = target.parts[index + 1];
    const [known] = staticBefore(typeof next === "string" ? undefined : next?.hole);
    const node = known === undefined || nodes.includes(known) ? document.createTextNode("") : known;
    const data = edged(part, read, index === 0, index === target.parts.length - 1);
    nodes.push(node);
    writes.push({ node, data });
  }
  return { nodes, writes, dropped: own.left() };
}
