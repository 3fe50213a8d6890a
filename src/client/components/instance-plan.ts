import type { TemplateElement, TemplateNode, TemplateText } from "../../protocol/component.ts";
import { fillText, holesIn, newText } from "./fill-text.ts";
import type { HoleValue } from "./fill-text.ts";
import { LiveElements } from "./live-elements.ts";
import { keepsSpace, tokensOf } from "./live-tokens.ts";
import { hasAttributes, mergeAttributes } from "./merge-attributes.ts";
import { createLike } from "./new-element.ts";
import type { PageEdits } from "./page-edits.ts";
import type { PatchMemory, RemovedHole } from "./patch-memory.ts";
import { readChildren } from "./read-children.ts";
import type { ReadChildren, ReadItem, DrawnText } from "./read-children.ts";
import { PatchRefusal } from "./patch-refusal.ts";
import { nodesOf } from "../../components/correlate.ts";
import { isBlank, isControlled, isFixed, isSameText } from "./template-versions.ts";
import type { TemplateVersions } from "./template-versions.ts";

/** What is needed to find out how an instance becomes a new one. */
export interface PlanParts {
  readonly versions: TemplateVersions;
  readonly memory: PatchMemory;
  readonly live: LiveElements;
  readonly edits: PageEdits;
}

/**
 * Find out what has to be done for an instance to be as the template is now. Nothing is changed yet.
 *
 * @throws {PatchRefusal} where it cannot be
 */
export function planInstance(
  instance: Element,
  versions: TemplateVersions,
  memory: PatchMemory,
  edits: PageEdits,
): void {
  const live = new LiveElements(versions, memory);
  new ContextPlan({ versions, memory, live, edits }, instance).plan(versions.target);
}

/** An instance, or an item of it that code puts in and takes out: what is in there can be moved about, and nowhere else. */
class ContextPlan {
  readonly #parts: PlanParts;
  readonly #root: Element;
  /** What nodes of the target are in the page. */
  readonly #found = new Map<TemplateNode, ReadItem>();
  /** What stands in elements of the page, by what they are in the target. */
  readonly #lists = new Map<TemplateElement, { readonly element: Element; readonly read: ReadChildren }>();
  /** Holes that are not in their text any more: others may have them. */
  readonly #holes: RemovedHole[] = [];
  /** Of how many nodes of the template a text of the page is. */
  readonly #uses = new Map<ChildNode, number>();

  constructor(parts: PlanParts, root: Element) {
    this.#parts = parts;
    this.#root = root;
  }

  plan(node: TemplateElement): void {
    const { versions, memory, edits } = this.#parts;
    if (memory.currentOf(this.#root) === node) return;
    this.#gather(this.#root, node);
    const isFree = ({ hole, text }: RemovedHole): boolean =>
      this.#holes.every((other) => other.hole !== hole || other.text !== text);
    this.#holes.push(...memory.removedFrom(this.#root).holes.filter(isFree));
    this.#build(this.#root, node);
    for (const [was, { nodes }] of this.#found) {
      if (versions.becameOf(was) !== undefined) continue;
      if (was.kind === "text") this.#mustBeAlone(nodes);
      edits.mayGo(this.#root, was, nodes);
    }
    edits.drop(this.#root, this.#holes);
    edits.afterwards(() => memory.noteCurrent(this.#root, node));
  }

  /** Find what there is, in an element that is one of the target, or is to go. */
  #gather(element: Element, node: TemplateElement): void {
    const { versions, live } = this.#parts;
    if (versions.becameOf(node) !== undefined) this.#attributes(element, node);
    if (versions.hasSettledChildren(node)) return;
    const read = live.childrenOf(element, node);
    const isGone = versions.becameOf(node) === undefined;
    const doubt =
      read === undefined
        ? "What is there is not what the template has drawn"
        : this.#doubtOf(read, node, element);
    if (read === undefined || doubt !== undefined) {
      // What is to go need not be known; what of it is needed elsewhere is missed there.
      if (isGone) return;
      throw new PatchRefusal(`${doubt}: ${nameOf(element)}.`);
    }
    this.#lists.set(node, { element, read });
    for (const item of read.items) this.#find(item);
  }

  #find(item: ReadItem): void {
    const { versions } = this.#parts;
    const target = versions.becameOf(item.item) ?? item.item;
    if (this.#found.has(target)) throw new PatchRefusal("Something is there twice.");
    this.#found.set(target, item);
    this.#noteUses(item.nodes);
    if (target.kind === "text") {
      if (item.text !== undefined) this.#freeHoles(item.text, target);
      return;
    }
    if (target.kind === "slot" && item.isSure)
      this.#parts.edits.afterwards(() => this.#parts.memory.noteOthers(item.nodes));
    // Where nothing is to be done, nothing has to be known.
    if (target.kind === "element" && !versions.isSettled(target)) this.#findIn(item.nodes, target);
  }

  #noteUses(nodes: readonly ChildNode[]): void {
    for (const node of nodes) if (node instanceof Text) this.#uses.set(node, (this.#uses.get(node) ?? 0) + 1);
  }

  #findIn(nodes: readonly ChildNode[], target: TemplateElement): void {
    const { versions } = this.#parts;
    for (const node of nodes) {
      if (!(node instanceof Element)) continue;
      if (!isControlled(target)) this.#gather(node, target);
      else if (versions.becameOf(target) !== undefined) new ContextPlan(this.#parts, node).plan(target);
    }
  }

  #freeHoles({ form, partNodes, values }: DrawnText, target: TemplateText): void {
    const isGone = this.#parts.versions.becameOf(target) === undefined;
    const needed = isGone ? [] : [...holesIn(target)];
    for (const [index, part] of form.parts.entries()) {
      if (typeof part === "string") continue;
      const at = needed.indexOf(part.hole);
      if (at !== -1) needed.splice(at, 1);
      else
        this.#holes.push({ hole: part.hole, value: partNodes?.[index] ?? values[index] ?? "", text: form });
    }
  }

  #attributes(element: Element, node: TemplateElement): void {
    const { versions, memory, edits } = this.#parts;
    const written = memory.written.get(element);
    if (written === node) return;
    const forms = versions.formsOf(node);
    const before = written !== undefined && forms.includes(written) ? written : this.#drawnBy(element, forms);
    for (const edit of mergeAttributes(element, before, node)) edits.change(edit);
    edits.afterwards(() => memory.written.set(element, node));
  }

  #drawnBy(element: Element, forms: readonly TemplateElement[]): TemplateElement {
    const [most] = forms
      .filter((form) => hasAttributes(element, form))
      .toSorted((a, b) => countOf(b) - countOf(a));
    const found = most ?? forms[0];
    if (found === undefined) throw new PatchRefusal("Nobody knows what it was.");
    return found;
  }

  /** What is changed or moved has to be known for sure; of what stays as it is, it does not matter what is what. */
  #doubtOf(read: ReadChildren, node: TemplateElement, element: Element): string | undefined {
    const { versions, live } = this.#parts;
    const { form, isSure } = read;
    if (live.hasStrangers(element, read)) return "Nobody can tell what others have drawn";
    const stays = (child: TemplateNode | undefined): TemplateNode | undefined => {
      const became = child && versions.becameOf(child);
      const isHere = became !== undefined && versions.parentOf(became) === node && versions.isSettled(became);
      return isHere ? became : undefined;
    };
    for (let index = 1; index < form.children.length; index++) {
      const [before, after] = [stays(form.children[index - 1]), stays(form.children[index])];
      const areTogether =
        before !== undefined &&
        after !== undefined &&
        node.children.indexOf(after) === node.children.indexOf(before) + 1;
      if (!areTogether && !isSure(index)) return "Nobody can tell what is which part of the template";
    }
    return undefined;
  }

  /** Give an element what the target has in it. */
  #build(element: Element, node: TemplateElement): void {
    const { versions, edits } = this.#parts;
    if (versions.becameOf(node) !== undefined && versions.hasSettledChildren(node) && !this.#isNew(node))
      return;
    const list = this.#lists.get(node);
    const children = node.children.flatMap((child) => this.#nodesFor(child, element));
    edits.place(element, [...children, ...(list?.read.rest ?? [])]);
    for (const child of node.children) {
      const found = this.#found.get(child);
      if (child.kind !== "element" || isControlled(child) || found === undefined) continue;
      const [own] = found.nodes;
      if (own instanceof Element) this.#build(own, child);
    }
  }

  /** Elements of the target that are made now, not found. */
  readonly #made = new Set<TemplateElement>();

  #isNew(node: TemplateElement): boolean {
    return this.#made.has(node);
  }

  #nodesFor(child: TemplateNode, parent: Element): readonly ChildNode[] {
    if (!this.#found.has(child)) this.#restore(child, parent);
    const found = this.#found.get(child);
    if (child.kind === "text") return this.#textFor(child, found, parent);
    if (found !== undefined) return [...found.space, ...found.nodes];
    if (child.kind !== "element" || isControlled(child) || child.bound.length > 0)
      throw new PatchRefusal(`Nobody knows where <${child.tag}> is.`);
    // Code puts its items into the one that it has drawn.
    if (!child.children.every(isFixed)) throw new PatchRefusal(`Code draws in another <${child.tag}>.`);
    const element = createLike(child, parent);
    this.#made.add(child);
    this.#found.set(child, { item: child, nodes: [element], space: [], isSure: true });
    this.#parts.edits.afterwards(() => this.#parts.memory.written.set(element, child));
    return [element];
  }

  #textFor(text: TemplateText, found: ReadItem | undefined, parent: Element): readonly ChildNode[] {
    const { edits, memory } = this.#parts;
    const find = (hole: string): HoleValue | undefined => this.#takeHole(hole, text);
    if (found?.text === undefined) {
      // Where code leaves space away that nobody would see, so do we.
      if (this.#leavesSpaceAway(parent) && isBlank(text)) return [];
      const made = newText(text, find);
      edits.afterwards(() => made.forEach((node) => memory.noteText(node, text, false)));
      return made;
    }
    const { nodes, writes } = fillText(found.text, text, find);
    for (const { node, data } of writes) edits.write(node, data);
    const written = new Set(writes.map(({ node }) => node));
    const isSame = isSameText(found.text.form, text);
    if (!isSame) this.#mustBeAlone(found.nodes);
    const areOfCode = !isSame || found.text.partNodes !== undefined;
    if (found.isSure)
      edits.afterwards(() =>
        nodes.forEach((node) => memory.noteText(node, text, areOfCode && !written.has(node))),
      );
    return [...found.space, ...nodes];
  }

  /** An element of whose content something is elsewhere gets all of it anew. */
  #refill(child: TemplateNode, nodes: readonly ChildNode[]): void {
    if (child.kind !== "element" || !nodesOf(child).every(isFixed)) return;
    for (const node of nodes) if (node instanceof Element) this.#attributes(node, child);
    this.#made.add(child);
    this.#found.set(child, { item: child, nodes, space: [], isSure: true });
  }

  #mustBeAlone(nodes: readonly ChildNode[]): void {
    if (nodes.some((node) => (this.#uses.get(node) ?? 0) > 1))
      throw new PatchRefusal("Texts of the template are one in the page.");
  }

  #leavesSpaceAway(parent: Element): boolean {
    for (const { element, read } of this.#lists.values()) {
      if (element !== parent) continue;
      const blank = read.items.filter(({ item }) => item.kind === "text" && isBlank(item));
      return blank.length > 0 && blank.every(({ nodes }) => nodes.length === 0);
    }
    return false;
  }

  #takeHole(hole: string, text: TemplateText): HoleValue | undefined {
    const { versions } = this.#parts;
    // Nodes can be put elsewhere; a value can only be written into the text that code writes it into.
    const at = this.#holes.findIndex(
      (each) =>
        each.hole === hole && (typeof each.value !== "string" || versions.textsOf(text).includes(each.text)),
    );
    return at === -1 ? undefined : this.#holes.splice(at, 1)[0]?.value;
  }

  /** What a patch has taken out comes back as it is: code may have written into it since. */
  #restore(child: TemplateNode, parent: Element): void {
    const { versions, memory, live } = this.#parts;
    const removed = memory.removedFrom(this.#root).nodes;
    const forms = child.kind === "text" ? versions.textsOf(child) : versions.formsOf(child);
    const form = forms.find((each) => removed.has(each));
    const { nodes, isWhole } = (form && removed.get(form)) ?? { nodes: [], isWhole: false };
    if (form === undefined || nodes.length === 0 || nodes.some((node) => node.isConnected)) return;
    if (!isWhole) return this.#refill(child, nodes);
    const isRaw = keepsSpace(parent);
    const around = { ...BLANK, children: [form] };
    const read = readChildren(tokensOf(nodes, isRaw), around, live.rulesFor(isRaw, "loose"));
    const [item] = read?.items ?? [];
    if (item === undefined) return;
    const isOther = ({ value }: RemovedHole): boolean =>
      typeof value === "string" || value.every((node) => !nodes.includes(node));
    this.#holes.splice(0, this.#holes.length, ...this.#holes.filter(isOther));
    this.#find(item);
  }
}

/** An element of which nothing matters but what is in it. */
const BLANK = { kind: "element", tag: "", times: "one", attributes: {}, bound: [] } as const;

function countOf({ attributes }: TemplateElement): number {
  return Object.keys(attributes).length;
}

function nameOf(element: Element): string {
  return `<${element.localName}>`;
}
