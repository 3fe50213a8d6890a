import type { TemplateNode } from "../../protocol/component.ts";
import type { PatchMemory, Removed, RemovedHole } from "./patch-memory.ts";
import { contentOf, hasChildren, placeChildren } from "./place-children.ts";
import { PatchRefusal } from "./patch-refusal.ts";

/** All that is to be done in a page, collected before any of it is: all of it is done, or nothing. */
export class PageEdits {
  readonly #memory: PatchMemory;
  readonly #changes: (() => void)[] = [];
  readonly #lists: { readonly parent: Element; readonly children: readonly ChildNode[] }[] = [];
  readonly #kept = new Set<ChildNode>();
  readonly #going: {
    readonly root: Element;
    readonly node: TemplateNode;
    readonly nodes: readonly ChildNode[];
  }[] = [];
  readonly #dropped: { readonly root: Element; readonly holes: readonly RemovedHole[] }[] = [];
  readonly #after: (() => void)[] = [];

  constructor(memory: PatchMemory) {
    this.#memory = memory;
  }

  change(edit: () => void): void {
    this.#changes.push(edit);
  }

  write(node: Text, data: string): void {
    if (node.data !== data) this.#changes.push(() => writeInto(node, data));
  }

  /**
   * An element is to have these children, and no others.
   *
   * @throws {PatchRefusal} where nobody knows where its comments belong
   */
  place(parent: Element, children: readonly ChildNode[]): void {
    const own = withoutRepeats(children);
    for (const node of own) this.#kept.add(node);
    if (hasChildren(parent, own)) return;
    if (parent.childNodes.length > contentOf(parent).length)
      throw new PatchRefusal(`Code may look for the comments in <${parent.localName}>.`);
    this.#lists.push({ parent, children: own });
  }

  /** Nodes have no place any more, unless one is found for them. */
  mayGo(root: Element, node: TemplateNode, nodes: readonly ChildNode[]): void {
    this.#going.push({ root, node, nodes });
  }

  drop(root: Element, holes: readonly RemovedHole[]): void {
    this.#dropped.push({ root, holes });
  }

  afterwards(note: () => void): void {
    this.#after.push(note);
  }

  /** Something that was taken out of what was taken out has a place again. */
  #noteTaken({ nodes: all }: Removed): void {
    for (const [node, { nodes, isWhole }] of all)
      if (isWhole && !this.#isWhole(nodes)) all.set(node, { nodes, isWhole: false });
  }

  #isWhole(nodes: readonly ChildNode[]): boolean {
    return [...this.#kept].every((kept) => nodes.every((own) => !own.contains(kept)));
  }

  apply(): void {
    for (const { root } of this.#dropped) this.#noteTaken(this.#memory.removedFrom(root));
    const gone = this.#going.map((own) => ({ ...own, isWhole: this.#isWhole(own.nodes) }));
    const put = keepingUse(this.#lists.map(({ parent }) => parent));
    for (const change of this.#changes) change();
    // From the outside to the inside: what is new is in the page before something is moved into it.
    for (const { parent, children } of this.#lists) placeChildren(parent, children);
    for (const { parent, children } of this.#lists) {
      const own = new Set(children);
      for (const node of contentOf(parent)) if (!own.has(node)) node.remove();
    }
    for (const { root, node, ...removed } of gone) this.#memory.removedFrom(root).nodes.set(node, removed);
    for (const { root, holes } of this.#dropped) {
      const removed = this.#memory.removedFrom(root);
      removed.holes.splice(0, removed.holes.length, ...holes);
    }
    for (const note of this.#after) note();
    put();
  }
}

/** One text may be two of a template, between which nothing stands. */
function withoutRepeats(children: readonly ChildNode[]): readonly ChildNode[] {
  const own = children.filter((node, index) => node !== children[index - 1]);
  if (new Set(own).size < own.length) throw new PatchRefusal("Texts of the template are one in the page.");
  return own;
}

/** What is selected in a text stays, where it is not of what becomes another. */
function writeInto(node: Text, data: string): void {
  const before = node.data;
  const most = Math.min(before.length, data.length);
  let begin = 0;
  while (begin < most && before[begin] === data[begin]) begin++;
  let end = 0;
  while (end < most - begin && before.at(-1 - end) === data.at(-1 - end)) end++;
  node.replaceData(begin, before.length - begin - end, data.slice(begin, data.length - end));
}

/** Where a browser cannot move nodes as they are, what is lost by it comes back. Returns what brings it. */
function keepingUse(parents: readonly Element[]): () => void {
  const focused = deepFocus();
  const selects = new Set(parents.flatMap((parent) => parent.closest("select") ?? []));
  const chosen = [...selects].flatMap((select) =>
    [...select.options].map((option) => [option, option.selected] as const),
  );
  return () => {
    for (const [option, isSelected] of chosen)
      if (option.isConnected && option.selected !== isSelected) option.selected = isSelected;
    if (focused?.isConnected === true && deepFocus() !== focused && focused instanceof HTMLElement)
      focused.focus({ preventScroll: true });
  };
}

function deepFocus(): Element | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active ?? undefined;
}
