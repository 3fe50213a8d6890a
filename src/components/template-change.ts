import type { TemplateElement, TemplateNode } from "../protocol/component.ts";
import { correlate, holesOf, isContext, nodesOf } from "./correlate.ts";

/** How a template has become another one: in a page, or only by a build, with the reason. */
export type TemplateChange =
  | { readonly kind: "same" }
  | { readonly kind: "patch"; readonly before: TemplateElement; readonly after: TemplateElement }
  | { readonly kind: "build"; readonly reason: string };

/** Compare templates. What code does must be in both of them, in the same places as far as code can tell. */
export function compareTemplates(
  before: readonly TemplateNode[],
  after: readonly TemplateNode[],
): TemplateChange {
  if (isSame(before, after)) return { kind: "same" };
  const [from, to] = [rootOf(before), rootOf(after)];
  if (from === undefined || to === undefined)
    return { kind: "build", reason: "the template has not exactly one element as its root" };
  const correlated = correlate(from, to);
  const reason = new Correlated(from, correlated).whyBuild();
  return reason === undefined
    ? { kind: "patch", before: from, after: correlated }
    : { kind: "build", reason };
}

/** The one element that is drawn by a template, whatever its code does; nothing where it may be none, several or another's. */
export function rootOf(nodes: readonly TemplateNode[]): TemplateElement | undefined {
  const [root, ...others] = nodes;
  return root === undefined || root.kind === "text" || isContext(root) || others.length > 0
    ? undefined
    : root;
}

/** What becomes a part of a page only when a browser parses or runs it. */
const RUN = new Set(["script", "style"]);
/** Directives of which is not known what they do to an element. */
const UNKNOWN = /^(?:#|v-(?!(?:if|else|else-if|for|show|model|html|text|bind|on)(?![\w-])))/;

class Correlated {
  readonly #before: readonly TemplateNode[];
  readonly #after: readonly TemplateNode[];
  readonly #parentsBefore: ReadonlyMap<TemplateNode, TemplateNode>;
  readonly #parentsAfter: ReadonlyMap<TemplateNode, TemplateNode>;

  constructor(before: TemplateElement, after: TemplateElement) {
    this.#before = nodesOf(before);
    this.#after = nodesOf(after);
    this.#parentsBefore = parentsOf(this.#before);
    this.#parentsAfter = parentsOf(this.#after);
  }

  /** Why code has to be built for what the template is now, if it has to. */
  whyBuild(): string | undefined {
    if (this.#after[0]?.from !== 0) return "the root element of the template has changed";
    const used = new Set(this.#after.map(({ from }) => from));
    for (const node of this.#after) {
      const reason = this.#whyNot(node);
      if (reason !== undefined) return reason;
    }
    // The old code may go on writing into a text that nobody sees any more, but not into an element that is not there.
    const gone = this.#before.find(
      (node, index) => !used.has(index) && node.kind !== "text" && isCodes(node),
    );
    return gone && `${describe(gone)} is not in the template any more`;
  }

  #whyNot(node: TemplateNode): string | undefined {
    const was = this.#wasOf(node);
    if (was === undefined)
      return isCodes(node) ? `${describe(node)} is new in the template, or in another place` : undefined;
    if (node.kind === "text" || was.kind === "text") return undefined;
    if (!isOurs(node) && !isSame(was, node)) return `${describe(node)} has changed, or what is in it`;
    const parent = this.#parentsAfter.get(node);
    const isAtHome = parent === undefined || this.#wasOf(parent) === this.#parentsBefore.get(was);
    // Code puts what it draws later into the element that it knows.
    if (isDrawnLater(node) && !isAtHome) return `${describe(node)} is in another element`;
    return whyNotAttributes(was, node);
  }

  #wasOf({ from }: TemplateNode): TemplateNode | undefined {
    return from === undefined ? undefined : this.#before[from];
  }
}

function whyNotAttributes(was: TemplateElement, node: TemplateElement): string | undefined {
  const names = Object.keys({ ...was.attributes, ...node.attributes });
  const changed = names.filter((name) => was.attributes[name] !== node.attributes[name]);
  const written = changed.find((name) => node.bound.includes(name));
  if (written !== undefined)
    return `code makes \`${written}\` of ${describe(node)} with what the template says, which has changed`;
  const isOpen = node.code?.some((each) => /^(?:v-bind(?![\w-])|:\[)/.test(each)) === true;
  if (changed.length > 0 && isOpen)
    return `any attribute of ${describe(node)} may be one of code, and \`${changed[0]}\` has changed`;
  return undefined;
}

/** Whether code, or a browser, has to know of a node. */
function isCodes(node: TemplateNode): boolean {
  if (node.kind === "text") return holesOf(node).length > 0;
  return isContext(node) || node.code !== undefined || RUN.has(node.tag);
}

/** Whether all that is in an element is drawn as the template says, as far as can be known. */
function isOurs(node: TemplateElement): boolean {
  return (
    node.kind === "element" && !RUN.has(node.tag) && node.code?.some((code) => UNKNOWN.test(code)) !== true
  );
}

function isDrawnLater(node: TemplateElement): boolean {
  return node.times !== "one" || node.kind === "slot";
}

function parentsOf(nodes: readonly TemplateNode[]): ReadonlyMap<TemplateNode, TemplateNode> {
  return new Map(
    nodes.flatMap((node) =>
      node.kind === "text" ? [] : node.children.map((child) => [child, node] as const),
    ),
  );
}

function describe(node: TemplateNode): string {
  if (node.kind === "text")
    return holesOf(node)
      .map((hole) => `\`{{ ${hole} }}\``)
      .join(" and ");
  return `\`<${[node.tag, ...(node.code ?? [])].join(" ")}>\``;
}

/** Whether two values of a template hold the same, in whatever order their keys are; where nodes come from is no part of it. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const entries = entriesOf(one);
  const others = new Map(entriesOf(other));
  return (
    entries.length === others.size &&
    entries.every(([key, value]) => others.has(key) && isSame(value, others.get(key)))
  );
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([key]) => key !== "from");
}
