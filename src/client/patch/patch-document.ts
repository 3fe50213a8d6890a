import { align, isSameKind } from "./align.ts";
import type { NodeChange } from "./align.ts";

/**
 * Bring a document up to date with the text of its page, where nothing but the text has made it what it is: what scripts or
 * people have changed since, and what scripts would have to run for, is left to a reload. All of it is done, or nothing.
 *
 * @param before the text that the document was made of
 * @param after the text that the page has now
 * @returns why the page has to be loaded again, if it has to
 */
export function patchDocument(before: string, after: string, page: Document): string | undefined {
  const parser = new DOMParser();
  const from = parser.parseFromString(before, "text/html");
  const to = parser.parseFromString(after, "text/html");
  const patch = new Patch(from.querySelector("script") !== null);
  try {
    patch.find(from, to, page);
  } catch (error) {
    if (error instanceof Hindrance) return error.message;
    throw error;
  }
  for (const edit of patch.edits) edit();
  return undefined;
}

/** Something that only loading the page again can mend. */
class Hindrance extends Error {}

/** What browsers run or copy: nothing of it becomes new by being put into a document. */
const RUN = "script, template, object, embed";
/** What code may have looked up, listens to or draws on. */
const HELD = "[id], button, input, select, textarea, form, output, canvas, audio, video, iframe, dialog";

/** The difference of two texts, as edits of a document. */
class Patch {
  readonly edits: (() => void)[] = [];
  /** Code has run, which would have found other elements. */
  readonly #hasCode: boolean;

  constructor(hasCode: boolean) {
    this.#hasCode = hasCode;
  }

  find(from: Document, to: Document, page: Document): void {
    if (!isSameList([from.doctype ?? from], [to.doctype ?? to])) throw new Hindrance("Its doctype changed.");
    if (!isSameList([...from.querySelectorAll(RUN)], [...to.querySelectorAll(RUN)]))
      throw new Hindrance("A script or template changed.");
    this.#attributes(from.documentElement, to.documentElement, page.documentElement);
    this.#children(from.head, to.head, page.head);
    this.#attributes(from.body, to.body, page.body);
    this.#children(from.body, to.body, page.body);
  }

  #element(from: Element, to: Element, live: Element): void {
    this.#attributes(from, to, live);
    this.#children(from, to, live);
  }

  #attributes(from: Element, to: Element, live: Element): void {
    for (const name of new Set([...from.getAttributeNames(), ...to.getAttributeNames()])) {
      const before = from.getAttribute(name);
      const after = to.getAttribute(name);
      if (before === after) continue;
      if (this.#hasCode && name.startsWith("data-"))
        throw new Hindrance(`Code may have read ${name} of ${nameOf(live)}.`);
      if (live.getAttribute(name) !== before)
        throw new Hindrance(`A script has changed ${name} of ${nameOf(live)}.`);
      this.edits.push(() => {
        if (after === null) live.removeAttribute(name);
        else live.setAttribute(name, after);
      });
    }
  }

  #children(from: Element, to: Element, live: Element): void {
    const [before, after] = [childrenOf(from), childrenOf(to)];
    // Nothing of it was edited: whatever has become of it in the document stays.
    if (isSameList(before, after)) return;
    if (from.nodeName === "NOSCRIPT") return;
    const changes = align(before, after);
    if (changes === undefined) throw new Hindrance(`Too much of ${nameOf(live)} changed.`);
    const places = placesIn(before, live);
    const last = before.at(-1);
    let next = last === undefined ? live.firstChild : placeOf(last, places).nextSibling;
    for (const change of changes.toReversed()) {
      if (from.nodeName === "HEAD") onlyStyles(change);
      if (change.kind === "come") {
        next = this.#insert(change.to, live, next);
        continue;
      }
      const place = placeOf(change.from, places);
      if (change.kind === "gone") {
        this.#remove(change.from, place);
        continue;
      }
      if (change.kind === "changed") this.#change(change.from, change.to, place);
      next = place;
    }
  }

  #change(from: ChildNode, to: ChildNode, live: ChildNode): void {
    if (from instanceof Element && to instanceof Element && live instanceof Element)
      return this.#element(from, to, live);
    if (live.nodeValue !== from.nodeValue) throw new Hindrance("A script has changed a text.");
    this.edits.push(() => (live.nodeValue = to.nodeValue));
    return undefined;
  }

  #remove(from: ChildNode, live: ChildNode): void {
    if (!live.isEqualNode(from)) throw new Hindrance(`A script has changed ${nameOf(live)}.`);
    this.#isFree(from);
    this.edits.push(() => live.remove());
  }

  #insert(to: ChildNode, parent: Element, next: ChildNode | null): ChildNode {
    this.#isFree(to);
    const node = document.importNode(to, true);
    this.edits.push(() => parent.insertBefore(node, next));
    return node;
  }

  /** Whether an element may come or go without code that would have to know of it. */
  #isFree(node: ChildNode): void {
    if (!this.#hasCode || !(node instanceof Element)) return;
    const held = [node, ...node.querySelectorAll("*")].find(
      (each) => each.matches(HELD) || each.getAttributeNames().some((name) => name.startsWith("data-")),
    );
    if (held !== undefined) throw new Hindrance(`Code of the page may need ${nameOf(held)}.`);
  }
}

/** What is between elements of the head says nothing. */
function childrenOf(element: Element): readonly ChildNode[] {
  const all = [...element.childNodes];
  return element.nodeName === "HEAD" ? all.filter((node) => node instanceof Element) : all;
}

/** In the head, styles alone can be edited in place. */
function onlyStyles(change: NodeChange): void {
  const node = change.kind === "come" ? change.to : change.from;
  if (change.kind === "kept" || !(node instanceof Element)) return;
  if (!node.matches("style, link[rel~=stylesheet]")) throw new Hindrance(`${nameOf(node)} changed.`);
}

/**
 * Where the nodes of the text are in the document. Only at the top of it may scripts have put others beside them, as
 * notifications and styles; elsewhere nobody knows which is which then.
 */
function placesIn(nodes: readonly ChildNode[], live: Element): ReadonlyMap<ChildNode, ChildNode> {
  const others = [...live.childNodes];
  const isTop = live.nodeName === "HEAD" || live.nodeName === "BODY";
  if (!isTop && nodes.length !== others.length)
    throw new Hindrance(`A script has changed what is in ${nameOf(live)}.`);
  const places = new Map<ChildNode, ChildNode>();
  let at = 0;
  for (const node of nodes) {
    const isPlace = (other: ChildNode): boolean =>
      isSameKind(node, other) && (!isTop || node instanceof Element || node.isEqualNode(other));
    const found = others.findIndex((other, index) => index >= at && isPlace(other));
    const place = others[found];
    if (place === undefined || (!isTop && found !== at))
      throw new Hindrance(`A script has changed what is in ${nameOf(live)}.`);
    places.set(node, place);
    at = found + 1;
  }
  return places;
}

function placeOf(node: ChildNode, places: ReadonlyMap<ChildNode, ChildNode>): ChildNode {
  const place = places.get(node);
  if (place === undefined) throw new Hindrance("It has changed meanwhile.");
  return place;
}

function isSameList(from: readonly Node[], to: readonly Node[]): boolean {
  return (
    from.length === to.length &&
    from.every((node, index) => {
      const other = to[index];
      if (other === undefined || !node.isEqualNode(other)) return false;
      // What a template holds is not among its children.
      return !(node instanceof HTMLTemplateElement) || node.innerHTML === Reflect.get(other, "innerHTML");
    })
  );
}

function nameOf(node: Node): string {
  if (!(node instanceof Element)) return "a text";
  const id = node.id === "" ? "" : `#${node.id}`;
  return `<${node.localName}${id}>`;
}
