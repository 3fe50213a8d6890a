import type { TemplatePart, TemplateText } from "../../protocol/component.ts";
import type { DrawnText } from "./read-children.ts";
import { PatchRefusal } from "./patch-refusal.ts";
import { isSameText } from "./template-versions.ts";

/** What a text becomes: its nodes in their order, and what is to be written into which. */
export interface FilledText {
  readonly nodes: readonly Text[];
  readonly writes: readonly { readonly node: Text; readonly data: string }[];
}

/** The nodes that code writes a value into; or what it was, where the whole text is what code writes. */
export type HoleValue = readonly Text[] | string;

/** What stands for a hole that was not in a text before. */
export type FindHole = (hole: string) => HoleValue | undefined;

/** Write a text anew, with what stands in its holes. */
export function fillText(read: DrawnText, target: TemplateText, find: FindHole): FilledText {
  const { form, nodes } = read;
  if (isSameText(form, target)) return { nodes, writes: [] };
  if (!read.isSure) throw new PatchRefusal("Nobody can tell what stands in which hole of a text.");
  const own = new HolesOf(read, find);
  const [holes, next] = [holesIn(form).length, holesIn(target).length];
  // Holes of other texts come with the nodes that they have.
  if (read.partNodes !== undefined || (holes === 0 && next > 0)) return fillByNode(read, target, own);
  if (holes > 0 && nodes.length !== 1) throw new PatchRefusal("A text is drawn in another way.");
  const data = saidBy(read, target, (hole) => own.valueOf(hole));
  if (data === "" && nodes.length === 0) return { nodes, writes: [] };
  // Also where nothing is left to say: code may put something before it.
  const node = nodes[0] ?? document.createTextNode("");
  return { nodes: [node], writes: [{ node, data }] };
}

/** A text that was not there before. */
export function newText(target: TemplateText, find: FindHole): readonly Text[] {
  return target.parts.flatMap((part) => {
    if (typeof part === "string") return document.createTextNode(part);
    const nodes = find(part.hole);
    if (nodes === undefined || typeof nodes === "string")
      throw new PatchRefusal(`Nobody can tell what {{ ${part.hole} }} is.`);
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

  constructor({ form, values, partNodes }: DrawnText, find: FindHole) {
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
    if (typeof value !== "string") throw new PatchRefusal(`Nobody can tell what {{ ${hole} }} is.`);
    return value;
  }

  nodesOf(hole: string): readonly Text[] {
    const value = this.take(hole);
    if (value === undefined || typeof value === "string")
      throw new PatchRefusal(`Nobody can tell what {{ ${hole} }} is.`);
    return value;
  }
}

function saidBy(read: DrawnText, { parts }: TemplateText, valueOf: (hole: string) => string): string {
  const { form, lead, trail } = read;
  const said = parts.map((part, index) =>
    typeof part === "string"
      ? edged(part, read, index === 0, index === parts.length - 1)
      : valueOf(part.hole),
  );
  // Space at the ends may be of a value.
  if (isHole(form.parts[0]) && isHole(parts[0])) said.unshift(lead);
  if (isHole(form.parts.at(-1)) && isHole(parts.at(-1))) said.push(trail);
  return said.join("");
}

function isHole(part: TemplatePart | undefined): boolean {
  return part !== undefined && typeof part !== "string";
}

/** The space at the ends of a text is left as it is drawn, unless the template says something new of it. */
function edged(part: string, { form, lead, trail }: DrawnText, isFirst: boolean, isLast: boolean): string {
  const isBegun = isFirst && hasSpace(form.parts[0], /^\s/) && hasSpace(part, /^\s/);
  const isEnded = isLast && hasSpace(form.parts.at(-1), /\s$/) && hasSpace(part, /\s$/);
  if (part.trim() === "") return isBegun ? lead : isEnded ? trail : part;
  const begun = isBegun ? lead + part.replace(/^\s+/, "") : part;
  return isEnded ? begun.replace(/\s+$/, "") + trail : begun;
}

function hasSpace(part: TemplatePart | undefined, where: RegExp): boolean {
  return typeof part === "string" && where.test(part);
}

/** Holes keep their nodes, whatever is written around them: code goes on writing into them. */
function fillByNode(read: DrawnText, target: TemplateText, own: HolesOf): FilledText {
  const { parts } = target;
  const fixed = fixedNodesOf(read);
  const [first] = read.nodes;
  const spare = [first].find((each) => each !== undefined && read.partNodes?.flat().includes(each) !== true);
  const writes: { node: Text; data: string }[] = [];
  const nodes: Text[] = [];
  for (const [index, part] of parts.entries()) {
    if (typeof part !== "string") {
      nodes.push(...own.nodesOf(part.hole));
      continue;
    }
    const hole = holeAt(parts, index + 1);
    const known = fixed.get(hole);
    fixed.delete(hole);
    if (known?.part === part) {
      nodes.push(...known.nodes);
      continue;
    }
    const data = edged(part, read, index === 0, index === parts.length - 1);
    if (data === "") continue;
    const free = [known?.nodes[0], index === 0 ? spare : undefined].find(
      (each) => each !== undefined && !nodes.includes(each),
    );
    const node = free ?? document.createTextNode("");
    nodes.push(node);
    writes.push({ node, data });
  }
  // Code may put something before the text.
  if (first !== undefined && !nodes.includes(first) && !holeNodesOf(read).has(first)) {
    nodes.unshift(first);
    writes.push({ node: first, data: "" });
  }
  return { nodes, writes };
}

function holeAt(parts: readonly TemplatePart[], index: number): string | undefined {
  const part = parts[index];
  return part === undefined || typeof part === "string" ? undefined : part.hole;
}

function holeNodesOf({ form, partNodes }: DrawnText): ReadonlySet<Text> {
  return new Set(partNodes?.filter((_, index) => typeof form.parts[index] !== "string").flat());
}

/** What stands before a hole, and after the last one, stands there again. */
function fixedNodesOf({ form, nodes, partNodes }: DrawnText): Map<string | undefined, FixedPart> {
  const fixed = new Map<string | undefined, FixedPart>();
  const inParts = new Set(partNodes?.flat());
  for (const [index, part] of form.parts.entries()) {
    if (typeof part !== "string") continue;
    const own = partNodes?.[index] ?? nodes;
    // Space alone is looked for beside the parts.
    const beside = index === 0 ? nodes.slice(0, 1) : nodes.slice(-1);
    const isBeside = own.length === 0 && partNodes !== undefined;
    fixed.set(holeAt(form.parts, index + 1), {
      part,
      nodes: isBeside ? beside.filter((node) => !inParts.has(node)) : own,
    });
  }
  return fixed;
}

interface FixedPart {
  readonly part: string;
  readonly nodes: readonly Text[];
}
