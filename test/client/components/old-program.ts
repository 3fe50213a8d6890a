import type { TemplateElement, TemplateNode, TemplateText } from "../../../src/protocol/component.ts";

/** What a program has to show: values by hole and item, and how often what is controlled is there. */
export interface Shown {
  value(hole: string, path: string): string;
  count(key: string, path: string): number;
}

/** How programs write texts: a node for each part, or one for all. */
export type TextStyle = "by part" | "in one";

interface Item {
  readonly node: TemplateElement;
  readonly path: string;
  readonly parent: Element;
  readonly elements: Element[];
  /** What is after it now, of what was drawn on the same level. */
  readonly followers: readonly (() => readonly Node[])[];
}

/** A program that was compiled from a template: it draws, and keeps on writing into what it has drawn. */
export class OldProgram {
  readonly root: Element;
  readonly template: TemplateElement;
  /** What it has drawn, by what it is of the template, counted in document order, and by item. */
  readonly drawn: Map<string, Node> = new Map();
  /** What it writes each value into. */
  readonly holes: Map<string, Text[]> = new Map();
  readonly #items: Item[] = [];
  readonly #texts: { readonly node: TemplateText; readonly path: string; readonly said: Text }[] = [];
  readonly #shown: Shown;
  readonly #style: TextStyle;
  readonly #places: ReadonlyMap<TemplateNode, number>;

  constructor(template: TemplateElement, shown: Shown, style: TextStyle, id = "x") {
    this.template = template;
    this.#shown = shown;
    this.#style = style;
    this.#places = new Map(inOrder(template).map((node, index) => [node, index]));
    this.root = this.#element(template, "");
    this.root.setAttribute("data-orbit-c", id);
  }

  /** Write values again, and take items out and put them in, until it shows what there is. */
  update(random: (below: number) => number): void {
    for (const { node, path, said } of this.#texts) if (random(2) === 0) said.data = this.#textOf(node, path);
    for (const [key, texts] of this.holes) {
      const [hole = "", path = ""] = key.split("@");
      for (const text of texts) if (random(2) === 0) text.data = this.#shown.value(hole, path);
    }
    for (const item of this.#items) this.#updateItem(item);
  }

  #updateItem({ node, path, parent, elements, followers }: Item): void {
    const count = this.#shown.count(keyOf(node), path);
    while (elements.length > count) {
      const last = elements.pop();
      // As programs do, which would throw where it is not there any more.
      if (last !== undefined) parent.removeChild(last);
    }
    while (elements.length < count) {
      const element = this.#single(node, `${path}.${elements.length}`);
      const next =
        elements.length > 0 ? elements.at(-1)?.nextSibling : followers.flatMap((follower) => follower())[0];
      parent.insertBefore(element, next ?? null);
      elements.push(element);
    }
  }

  #nodes(node: TemplateNode, path: string): readonly Node[] {
    if (node.kind === "text") return this.#text(node, path);
    if (node.kind === "slot") return this.#slot(path);
    if (node.times === "one") return [this.#single(node, path)];
    return Array.from({ length: this.#shown.count(keyOf(node), path) }, (_, index) =>
      this.#single(node, `${path}.${index}`),
    );
  }

  #single(node: TemplateElement, path: string): Element {
    if (node.kind !== "component") return this.#element(node, path);
    const element = document.createElement("div");
    element.setAttribute("data-orbit-c", node.tag.toLowerCase());
    element.append("inside", document.createElement("p"));
    this.#note(node, path, element);
    return element;
  }

  #slot(path: string): readonly Node[] {
    const count = this.#shown.count("slot", path);
    return Array.from({ length: count }, (_, index) => {
      const element = document.createElement(["p", "b", "section"][index % 3] ?? "p");
      element.textContent = "of others";
      return element;
    });
  }

  #element(node: TemplateElement, path: string): Element {
    const element = document.createElement(node.tag);
    for (const [name, value] of Object.entries(node.attributes)) element.setAttribute(name, value);
    for (const name of node.bound) element.setAttribute(name, path);
    this.#note(node, path, element);
    const nodes = node.children.map((child) => this.#nodes(child, path));
    element.append(...nodes.flat());
    const elements = nodes.map((each) => each.filter((own) => own instanceof Element));
    for (const [index, child] of node.children.entries()) {
      if (child.kind === "text" || child.kind === "slot" || child.times === "one") continue;
      const followers = node.children.slice(index + 1).map((other, offset) => () => {
        const at = index + 1 + offset;
        const isFixed = other.kind === "text" || other.kind === "slot" || other.times === "one";
        return ((isFixed ? nodes[at] : elements[at]) ?? []).filter(isAnchor);
      });
      this.#items.push({ node: child, path, parent: element, elements: elements[index] ?? [], followers });
    }
    return element;
  }

  #text(node: TemplateText, path: string): readonly Node[] {
    if (this.#style === "by part")
      return node.parts.map((part) => {
        if (typeof part === "string") return document.createTextNode(part);
        const text = document.createTextNode(this.#shown.value(part.hole, path));
        const key = `${part.hole}@${path}`;
        this.holes.set(key, [...(this.holes.get(key) ?? []), text]);
        return text;
      });
    const said = document.createTextNode(this.#textOf(node, path));
    // What is plain is written once.
    if (node.parts.some((part) => typeof part !== "string")) this.#texts.push({ node, path, said });
    return [said];
  }

  #textOf({ parts }: TemplateText, path: string): string {
    return parts
      .map((part) => (typeof part === "string" ? part : this.#shown.value(part.hole, path)))
      .join("");
  }

  #note(node: TemplateNode, path: string, element: Element): void {
    this.drawn.set(`${this.#places.get(node)}@${path}`, element);
  }
}

/** What controls an element is bound to it here, so that it can be told from others. */
function keyOf({ bound, tag }: TemplateElement): string {
  return bound[0] ?? tag;
}

/** What a program would look for: no space. */
function isAnchor(node: Node): boolean {
  return node.nodeValue !== " ";
}

export function inOrder(node: TemplateNode): readonly TemplateNode[] {
  return node.kind === "text" ? [node] : [node, ...node.children.flatMap(inOrder)];
}
