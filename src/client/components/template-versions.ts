import type { TemplateElement, TemplateNode, TemplateText } from "../../protocol/component.ts";
import { nodesOf } from "../../components/correlate.ts";
import type { TemplateIdentities } from "./template-identities.ts";

/**
 * What a template is now, and what it was: the code of a page draws what it was when that was built, and goes on doing so
 * beside what was patched. Any of them may stand in the document, element by element.
 */
export class TemplateVersions {
  readonly target: TemplateElement;
  /** What code draws by, as it was built: latest first. */
  readonly drawn: readonly TemplateElement[];
  /** What a node has become in the target. */
  readonly #became = new Map<TemplateNode, TemplateNode>();
  /** All that an element of the target was and is: what code draws first. */
  readonly #forms = new Map<TemplateElement, TemplateElement[]>();
  readonly #texts = new Map<TemplateText, TemplateText[]>();
  readonly #parents = new Map<TemplateNode, TemplateElement>();
  readonly #isSettled = new Map<TemplateNode, boolean>();

  /** @param shown targets before this one, which may stand in the page where it was patched by them */
  constructor(
    target: TemplateElement,
    drawn: readonly TemplateElement[],
    shown: readonly TemplateElement[],
    identities: TemplateIdentities,
  ) {
    this.target = target;
    this.drawn = drawn;
    const nodes = new Map(nodesOf(target).map((node) => [identities.of(node), node]));
    for (const version of new Set([...drawn, ...shown, target])) {
      this.#noteParents(version);
      for (const was of nodesOf(version)) {
        const node = nodes.get(identities.of(was));
        if (node !== undefined) this.#relate(was, node);
      }
    }
  }

  #relate(was: TemplateNode, node: TemplateNode): void {
    this.#became.set(was, node);
    if (was.kind !== "text" && node.kind !== "text") append(this.#forms, node, was);
    if (was.kind === "text" && node.kind === "text") append(this.#texts, node, was);
  }

  #noteParents(parent: TemplateElement): void {
    for (const child of parent.children) {
      this.#parents.set(child, parent);
      if (child.kind !== "text") this.#noteParents(child);
    }
  }

  parentOf(node: TemplateNode): TemplateElement | undefined {
    return this.#parents.get(node);
  }

  /** What a node is in the target; nothing where it is gone. */
  becameOf(node: TemplateNode): TemplateNode | undefined {
    return this.#became.get(node);
  }

  /** The element of the target that an element is; itself where it is gone. */
  elementOf(node: TemplateElement): TemplateElement {
    const became = this.#became.get(node);
    return became === undefined || became.kind === "text" ? node : became;
  }

  textOf(node: TemplateText): TemplateText {
    const became = this.#became.get(node);
    return became?.kind === "text" ? became : node;
  }

  /** All that an element was and is. What is gone is what it was alone. */
  formsOf(node: TemplateElement): readonly TemplateElement[] {
    return this.#forms.get(this.elementOf(node)) ?? [node];
  }

  textsOf(node: TemplateText): readonly TemplateText[] {
    return this.#texts.get(this.textOf(node)) ?? [node];
  }

  /** Whether nothing has become of a node, or of what is in it, in any version. */
  isSettled(node: TemplateNode): boolean {
    if (node.kind === "text") {
      const texts = this.textsOf(node);
      return this.#became.has(node) && texts.every((text) => isSameText(text, node));
    }
    const forms = this.formsOf(node);
    return forms.every((form) => hasSameSelf(form, node)) && this.hasSettledChildren(node);
  }

  hasSettledChildren(node: TemplateElement): boolean {
    const own = this.elementOf(node);
    const known = this.#isSettled.get(own);
    if (known !== undefined) return known;
    const isSettled = this.#became.has(own)
      ? this.formsOf(own).every((form) => this.#isSameList(form.children, own.children))
      : nodesOf(own).every((each) => !this.#became.has(each) && !hasHoles(each));
    this.#isSettled.set(own, isSettled);
    return isSettled;
  }

  #isSameList(from: readonly TemplateNode[], to: readonly TemplateNode[]): boolean {
    return (
      from.length === to.length &&
      to.every((node, index) => {
        const was = from[index];
        return was !== undefined && this.#became.get(was) === node && this.isSettled(node);
      })
    );
  }
}

/** Of what is gone, values may be needed elsewhere. */
function hasHoles(node: TemplateNode): boolean {
  return node.kind === "text" && node.parts.some((part) => typeof part !== "string");
}

/** Whether two texts say the same, with the same holes. */
export function isSameText({ parts }: TemplateText, other: TemplateText): boolean {
  return JSON.stringify(parts) === JSON.stringify(other.parts);
}

/** Whether an element may be there more than once, or not at all: code puts it in and takes it out. */
export function isControlled({ times }: TemplateElement): boolean {
  return times !== "one";
}

/** Whether code neither puts it in and takes it out, nor lets others do so. */
export function isFixed(node: TemplateNode): boolean {
  return node.kind === "text" || (node.kind !== "slot" && !isControlled(node));
}

/** Whether a text says nothing. */
export function isBlank({ parts }: TemplateText): boolean {
  return parts.every((part) => typeof part === "string" && part.trim() === "");
}

function hasSameSelf(a: TemplateElement, b: TemplateElement): boolean {
  return selfOf(a) === selfOf(b);
}

function selfOf({ kind, tag, times, attributes, bound }: TemplateElement): string {
  return JSON.stringify([kind, tag, times, attributes, bound]);
}

function append<Key, Value>(all: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = all.get(key);
  if (values === undefined) all.set(key, [value]);
  else if (!values.includes(value)) values.push(value);
}
