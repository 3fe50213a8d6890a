import type { TemplateElement, TemplateNode } from "../protocol/component.ts";
import { Unreadable } from "./cursor.ts";
import type { MarkupElement, MarkupNode } from "./markup.ts";
import { conditionOf, readTag } from "./template-tag.ts";
import { drawnText, trimmedText } from "./template-text.ts";

/** What a template says, of what is written in it. */
export function readTemplate(nodes: readonly MarkupNode[]): readonly TemplateNode[] {
  return readChildren(nodes, { isPreformatted: false, isBlock: true });
}

/** What is around nodes, as far as it says what space between them means. */
interface Surroundings {
  readonly isPreformatted: boolean;
  /** Space at the edge of a block is not seen. */
  readonly isBlock: boolean;
}

const PREFORMATTED = new Set(["pre", "textarea", "listing"]);
const NOT_MARKUP = new Set(["script", "style"]);
const BLOCKS = new Set(
  (
    "address article aside blockquote body br caption col colgroup dd details dialog div dl dt fieldset figcaption figure " +
    "footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li link main menu meta nav ol optgroup option p pre " +
    "script search section select style summary table tbody td tfoot th thead title tr ul"
  ).split(" "),
);

function readChildren(nodes: readonly MarkupNode[], around: Surroundings): readonly TemplateNode[] {
  let conditions: readonly string[] = [];
  const children = nodes.map((node): TemplateNode => {
    if (node.kind === "text") {
      if (node.parts.some((part) => typeof part !== "string" || part.trim() !== "")) conditions = [];
      return drawnText(node.parts, around.isPreformatted);
    }
    const condition = conditionOf(node.tag);
    if (condition !== undefined && condition.name !== "v-if" && conditions.length === 0)
      throw new Unreadable(
        `Expected an element with \`v-if\` right before the one with \`${condition.name}\`, got none.`,
        node.tag.at,
      );
    if (condition?.name === "v-if") conditions = [];
    const element = readElement(node, conditions, around);
    conditions =
      condition === undefined || condition.name === "v-else" ? [] : [...conditions, condition.text];
    return element;
  });
  return around.isPreformatted ? children.filter(isDrawn) : withoutUnseenSpace(children, around.isBlock);
}

function readElement(
  { tag, children: inner }: MarkupElement,
  conditions: readonly string[],
  { isPreformatted }: Surroundings,
): TemplateElement {
  const meaning = readTag(tag, conditions);
  const content = tag.attributes.find(({ name }) => name === "v-html" || name === "v-text")?.name;
  const children = readChildren(NOT_MARKUP.has(tag.name) ? [] : withoutFirstLineEnd(tag.name, inner), {
    isPreformatted: isPreformatted || PREFORMATTED.has(tag.name),
    isBlock: BLOCKS.has(tag.name),
  });
  if (content !== undefined) return { ...meaning, children: [contentOf(content, children)] };
  return NOT_MARKUP.has(tag.name) && inner.length > 0
    ? { ...meaning, children: [contentOf(tag.name, inner.map(readVerbatim))] }
    : { ...meaning, children };
}

/** Any run of nodes: what is drawn there, no template says. */
function contentOf(tag: string, children: readonly TemplateNode[]): TemplateElement {
  return { kind: "slot", tag, times: "one", attributes: {}, bound: [], children };
}

function readVerbatim(node: MarkupNode): TemplateNode {
  return { kind: "text", parts: node.kind === "text" ? node.parts : [] };
}

/** HTML takes no notice of a line end right behind `<pre>`. */
function withoutFirstLineEnd(tag: string, nodes: readonly MarkupNode[]): readonly MarkupNode[] {
  const [first, ...others] = nodes;
  if (!PREFORMATTED.has(tag) || first?.kind !== "text") return nodes;
  const [begin, ...rest] = first.parts;
  return typeof begin === "string"
    ? [{ kind: "text", parts: [begin.replace(/^\n/, ""), ...rest] }, ...others]
    : nodes;
}

/** Leave away the space at the edges of blocks. */
function withoutUnseenSpace(nodes: readonly TemplateNode[], isInBlock: boolean): readonly TemplateNode[] {
  const isBlock = (node: TemplateNode | undefined): boolean =>
    node === undefined ? isInBlock : node.kind === "element" && BLOCKS.has(node.tag);
  return nodes
    .map((node, index) =>
      node.kind === "text"
        ? trimmedText(node, { start: isBlock(nodes[index - 1]), end: isBlock(nodes[index + 1]) })
        : node,
    )
    .filter(isDrawn);
}

function isDrawn(node: TemplateNode): boolean {
  return node.kind !== "text" || node.parts.length > 0;
}
