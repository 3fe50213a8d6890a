import type {
  TemplateElement,
  TemplateNode,
  TemplatePart,
  TemplateText,
} from "../../../src/protocol/component.ts";

type Random = (below: number) => number;

const TAGS = ["p", "b", "div", "i", "section"];
const WORDS = ["a", "to", "be", "or", "not", "a b"];

/** Makes templates, and other ones of them. Nothing in it has the same name twice that code would know by its name. */
export class RandomTemplates {
  readonly #random: Random;
  #names = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  template(): TemplateElement {
    return this.#element(3, true);
  }

  /** Another template, a few edits later. */
  edited(template: TemplateElement): TemplateElement {
    let edited = template;
    for (let edits = 1 + this.#random(3); edits > 0; edits--) {
      const elements = elementsOf(edited);
      const chosen = elements[this.#random(elements.length)];
      if (chosen !== undefined) edited = replaced(edited, chosen, this.#editedElement(chosen));
    }
    return edited;
  }

  #pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item | undefined {
    return items[this.#random(items.length)];
  }

  #element(depth: number, isRoot = false): TemplateElement {
    const kind = isRoot ? 0 : this.#random(10);
    if (kind === 8) return made("component", "Card", { times: this.#random(3) === 0 ? "optional" : "one" });
    if (kind === 9) return made("slot", "slot", {});
    const times = isRoot || kind > 2 ? "one" : kind === 1 ? "many" : kind === 2 ? "optional" : "one";
    return made("element", this.#pick(TAGS) ?? "p", {
      times,
      attributes: this.#attributes(),
      bound: times === "one" ? [] : [`data-${times}-${this.#names++}`],
      children: depth === 0 ? this.#texts() : this.#children(depth),
    });
  }

  #children(depth: number): readonly TemplateNode[] {
    const children: TemplateNode[] = [];
    for (let left = this.#random(5); left > 0; left--)
      children.push(this.#random(3) === 0 ? this.#text() : this.#element(depth - 1));
    return tidied(children);
  }

  #texts(): readonly TemplateNode[] {
    return this.#random(4) === 0 ? [] : [this.#text()];
  }

  #text(): TemplateText {
    const parts: TemplatePart[] = [];
    for (let left = 1 + this.#random(3); left > 0; left--)
      if (typeof parts.at(-1) === "string" || (parts.length === 0 && this.#random(2) === 0))
        parts.push({ hole: `h${this.#names++}` });
      else parts.push(this.#words());
    return { kind: "text", parts };
  }

  #words(): string {
    return `${this.#pick(["", " "])}${this.#pick(WORDS)}${this.#pick(["", " ", ": "])}`;
  }

  #attributes(): Readonly<Record<string, string>> {
    return {
      ...(this.#random(4) === 0 && { title: this.#pick(WORDS) ?? "" }),
      ...(this.#random(3) === 0 && { class: this.#pick(["a", "b", "a b", "c"]) ?? "" }),
    };
  }

  #editedElement(element: TemplateElement): TemplateElement {
    const { children } = element;
    const at = this.#random(children.length + 1);
    const child = children[at];
    const others = (...own: readonly TemplateNode[]): TemplateElement => ({
      ...element,
      children: tidied(children.toSpliced(at, 1, ...own)),
    });
    switch (this.#random(8)) {
      case 0:
        return { ...element, attributes: this.#attributes() };
      case 1:
        return { ...element, children: tidied(children.toSpliced(at, 0, this.#plain(1))) };
      case 2:
        return others();
      case 3:
        return child === undefined ? element : others(made("element", "div", { children: [child] }));
      case 4:
        return child?.kind === "element" ? others(...child.children) : element;
      case 5:
        return { ...element, children: tidied(children.toReversed()) };
      default:
        return child?.kind === "text" ? others(this.#editedText(child)) : element;
    }
  }

  #plain(depth: number): TemplateElement {
    const text = { kind: "text", parts: [this.#words()] } as const;
    const children = depth > 0 && this.#random(2) === 0 ? [text, this.#plain(depth - 1)] : [text];
    return made("element", this.#pick(TAGS) ?? "p", { attributes: this.#attributes(), children });
  }

  #editedText({ kind, parts }: TemplateText): TemplateText {
    const at = this.#random(parts.length);
    if (typeof parts[at] === "string") return { kind, parts: parts.toSpliced(at, 1, this.#words()) };
    return { kind, parts: this.#random(3) === 0 ? parts.toReversed() : [...parts, this.#words()] };
  }
}

function made(kind: TemplateElement["kind"], tag: string, rest: Partial<TemplateElement>): TemplateElement {
  return { kind, tag, times: "one", attributes: {}, bound: [], children: [], ...rest };
}

/** As it is read from a file: texts beside each other are one, and none is empty. */
function tidied(children: readonly TemplateNode[]): readonly TemplateNode[] {
  const tidy: TemplateNode[] = [];
  for (const child of children) {
    const last = tidy.at(-1);
    if (child.kind === "text" && last?.kind === "text")
      tidy.splice(-1, 1, { kind: "text", parts: joined([...last.parts, ...child.parts]) });
    else tidy.push(child.kind === "text" ? { ...child, parts: joined(child.parts) } : child);
  }
  return tidy;
}

function joined(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  const all: TemplatePart[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (typeof part === "string" && typeof last === "string")
      all.splice(-1, 1, (last + part).replaceAll(/ +/g, " "));
    else all.push(part);
  }
  return all;
}

function elementsOf(node: TemplateElement): readonly TemplateElement[] {
  const inner = node.children.flatMap((child) => (child.kind === "element" ? child : []));
  return [node, ...inner.flatMap(elementsOf)];
}

function replaced(root: TemplateElement, from: TemplateElement, to: TemplateElement): TemplateElement {
  if (root === from) return to;
  const children = root.children.map((child) => (child.kind === "text" ? child : replaced(child, from, to)));
  return { ...root, children };
}
