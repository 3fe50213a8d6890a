import type { TemplateElement, TemplateNode, TemplateText } from "../../protocol/component.ts";
import type { HoleValue } from "./fill-text.ts";

/** What was taken out of a page, and code may still have. */
export interface Removed {
  readonly nodes: Map<TemplateNode, RemovedNodes>;
  readonly holes: RemovedHole[];
}

export interface RemovedNodes {
  readonly nodes: readonly ChildNode[];
  /** Nothing of what was in there is elsewhere in the page. */
  readonly isWhole: boolean;
}

export interface RemovedHole {
  readonly hole: string;
  readonly value: HoleValue;
  /** Where it was. */
  readonly text: TemplateText;
}

/** What is known of a page because patches of one component have made it so. Nothing of it keeps a node alive. */
export class PatchMemory {
  /** Which version of a template an element has been brought to, attributes included. */
  readonly written: WeakMap<Element, TemplateElement> = new WeakMap();
  readonly #texts = new WeakMap<Text, { readonly form: TemplateText; readonly data: string | undefined }>();
  readonly #others = new WeakSet<ChildNode>();
  /** Instances and items in which nothing has changed since. */
  #current = new WeakMap<Element, TemplateElement>();
  readonly #removed = new WeakMap<Element, Removed>();

  /** Which version of a text this is, if it is still what a patch has written. */
  writtenAs(text: Text): TemplateText | undefined {
    const { form, data = text.data } = this.#texts.get(text) ?? {};
    return data === text.data ? form : undefined;
  }

  /** Whether it is of a template, and not what others have drawn beside it. */
  isOwn(node: ChildNode): boolean {
    return node instanceof Element ? this.written.has(node) : node instanceof Text && this.#texts.has(node);
  }

  /** @param isOfCode it is for code alone to write into */
  noteText(text: Text, form: TemplateText, isOfCode: boolean): void {
    this.#texts.set(text, { form, data: isOfCode ? undefined : text.data });
  }

  /** These have been drawn by others, in a slot. */
  noteOthers(nodes: readonly ChildNode[]): void {
    for (const node of nodes) this.#others.add(node);
  }

  isOfOthers(node: ChildNode): boolean {
    return this.#others.has(node);
  }

  currentOf(element: Element): TemplateElement | undefined {
    return this.#current.get(element);
  }

  noteCurrent(element: Element, node: TemplateElement): void {
    this.#current.set(element, node);
  }

  /** Something has changed in there. */
  forget(element: Element): void {
    this.#current.delete(element);
  }

  /** Nobody looks at the page any more. */
  forgetAll(): void {
    this.#current = new WeakMap();
  }

  /** What was taken out of an instance or an item. */
  removedFrom(element: Element): Removed {
    const removed = this.#removed.get(element) ?? { nodes: new Map(), holes: [] };
    this.#removed.set(element, removed);
    return removed;
  }
}
