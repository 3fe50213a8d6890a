import type { TemplateElement } from "../../protocol/component.ts";
import { keepsSpace, tokensOf } from "./live-tokens.ts";
import type { LiveToken } from "./live-tokens.ts";
import { hasAttributes } from "./merge-attributes.ts";
import type { PatchMemory } from "./patch-memory.ts";
import { readChildren } from "./read-children.ts";
import type { ReadChildren, ReadingRules } from "./read-children.ts";
import { isControlled } from "./template-versions.ts";
import type { TemplateVersions } from "./template-versions.ts";

/** The attribute by which a component says what it is the root of. */
export const COMPONENT = "data-orbit-c";

/** How much has to be as a template says: all of it, or only what is about to change. */
type Strictness = "strict" | "loose";

/** Finds out which elements of a page are which of a template, whatever version of it has drawn them. */
export class LiveElements {
  readonly #versions: TemplateVersions;
  readonly #memory: PatchMemory;
  readonly #read: Readonly<Record<Strictness, Map<Element, Map<TemplateElement, ReadChildren | undefined>>>> =
    {
      strict: new Map(),
      loose: new Map(),
    };

  constructor(versions: TemplateVersions, memory: PatchMemory) {
    this.#versions = versions;
    this.#memory = memory;
  }

  /** What stands in an element; nothing where that is of no version. */
  childrenOf(element: Element, node: TemplateElement): ReadChildren | undefined {
    return this.#childrenOf(element, node, "loose");
  }

  /** Whether something has come to where others draw that may as well be an item of ours, which code has put there. */
  hasStrangers(element: Element, { form, items }: ReadChildren): boolean {
    if (!this.#memory.written.has(element)) return false;
    const controlled = form.children.flatMap((child) =>
      child.kind !== "text" && child.kind !== "slot" && isControlled(child) ? child : [],
    );
    const strangers = items
      .filter(({ item }) => item.kind === "slot")
      .flatMap(({ nodes }) => nodes)
      .filter((node) => !this.#memory.isOfOthers(node));
    return strangers.some(
      (node) => node instanceof Element && controlled.some((child) => this.#fits(node, child, "strict")),
    );
  }

  rulesFor(isRaw: boolean, strictness: Strictness): ReadingRules {
    return {
      isRaw,
      fits: (element, node) => this.#fits(element, node, strictness),
      textsOf: (text) => this.#versions.textsOf(text),
      isOwn: (node) => this.#memory.isOwn(node),
      writtenAs: (text) => this.#memory.writtenAs(text),
    };
  }

  #childrenOf(element: Element, node: TemplateElement, strictness: Strictness): ReadChildren | undefined {
    const own = this.#versions.elementOf(node);
    const known = this.#read[strictness].get(element) ?? new Map<TemplateElement, ReadChildren | undefined>();
    this.#read[strictness].set(element, known);
    if (!known.has(own)) known.set(own, this.#readChildren(element, own, strictness));
    return known.get(own);
  }

  #readChildren(element: Element, node: TemplateElement, strictness: Strictness): ReadChildren | undefined {
    const sure = strictness === "loose" ? this.#childrenOf(element, node, "strict") : undefined;
    if (sure !== undefined) return sure;
    const isRaw = keepsSpace(element);
    const tokens = tokensOf(element.childNodes, isRaw);
    const rules = this.rulesFor(isRaw, strictness);
    const forms = this.#formsOf(element, node);
    const read = firstOf(forms, (form) => readChildren(tokens, form, rules));
    if (read !== undefined || strictness === "loose") return read;
    return firstOf(forms, (form) => readStrayed(tokens, form, rules));
  }

  /** What a patch has made it is looked for first. */
  #formsOf(element: Element, node: TemplateElement): readonly TemplateElement[] {
    const forms = this.#versions.formsOf(node);
    const written = this.#memory.written.get(element);
    return written !== undefined && forms.includes(written) ? [written, ...forms] : forms;
  }

  #fits(element: Element, node: TemplateElement, strictness: Strictness): boolean {
    if (node.kind === "component") return isComponent(element, node, strictness);
    if (!isTagOf(element, node) || this.#memory.isOfOthers(element)) return false;
    const written = this.#memory.written.get(element);
    const known = written && this.#versions.becameOf(written);
    if (known !== undefined && known !== this.#versions.elementOf(node)) return false;
    return this.#fitsOwn(element, node, strictness);
  }

  /** Whether an element that nothing is against is this one. */
  #fitsOwn(element: Element, node: TemplateElement, strictness: Strictness): boolean {
    const current = this.#memory.currentOf(element);
    const became = current && this.#versions.becameOf(current);
    if (became !== undefined) return became === this.#versions.elementOf(node);
    const hasOwn = this.#versions.formsOf(node).some((form) => hasAttributes(element, form));
    const isRead = this.#childrenOf(element, node, "strict") !== undefined;
    if (strictness === "strict" || (hasOwn && isRead)) return hasOwn && isRead;
    // Code may have changed the one or the other, as long as the patch does not.
    if (isRead) return true;
    return (
      hasOwn && (this.#versions.hasSettledChildren(node) || this.childrenOf(element, node) !== undefined)
    );
  }
}

function isTagOf(element: Element, { tag }: TemplateElement): boolean {
  return !element.hasAttribute(COMPONENT) && element.localName.toLowerCase() === tag.toLowerCase();
}

/** What a component is called in a template is the end of the name of its module, as far as anybody can tell. */
function isComponent(element: Element, { tag }: TemplateElement, strictness: Strictness): boolean {
  const id = element.getAttribute(COMPONENT);
  if (id === null || strictness === "loose") return id !== null;
  return lettersOf(id).endsWith(lettersOf(tag));
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, "");
}

/** Code has put its items among what a patch has moved or put in: those that can be nothing else are taken as they come. */
function readStrayed(
  tokens: readonly LiveToken[],
  form: TemplateElement,
  rules: ReadingRules,
): ReadChildren | undefined {
  const elements = form.children.filter((child) => child.kind !== "text" && child.kind !== "slot");
  const strays = new Map<LiveToken, TemplateElement>();
  for (const token of tokens) {
    const { node } = token;
    if (!(node instanceof Element)) continue;
    const fitting = elements.filter((child) => child.kind !== "text" && rules.fits(node, child));
    const [only] = fitting;
    if (fitting.length === 1 && only !== undefined && only.kind !== "text" && isControlled(only))
      strays.set(token, only);
  }
  if (strays.size === 0) return undefined;
  const left = tokens.filter((token) => !strays.has(token));
  const read = readChildren(left, form, rules);
  if (read === undefined) return undefined;
  const items = read.items.map((item) => {
    const nodes = [...strays].filter(([, child]) => child === item.item).map(([{ node }]) => node);
    return { ...item, nodes: [...nodes, ...item.nodes] };
  });
  const isTooMany = items.some(
    ({ item, nodes }) => item.kind !== "text" && item.times === "optional" && nodes.length > 1,
  );
  return isTooMany ? undefined : { ...read, items };
}

function firstOf<Item, Result>(
  items: readonly Item[],
  find: (item: Item) => Result | undefined,
): Result | undefined {
  for (const item of items) {
    const result = find(item);
    if (result !== undefined) return result;
  }
  return undefined;
}
