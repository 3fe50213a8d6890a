/** A template that a generator makes up: what it means is known without reading it. */
export type Drawn = DrawnElement | DrawnText;

export interface DrawnElement {
  tag: string;
  /** Attributes as they are written: `class="a"`, `:class="b"`, `v-if="c"`. */
  attributes: string[];
  children: Drawn[];
}

/** Words, and expressions in braces. */
export interface DrawnText {
  words: string[];
}

type Random = (below: number) => number;

/** One element, and about as many within as it is said. */
export function randomTemplate(random: Random, size: number): DrawnElement {
  const root: DrawnElement = { tag: "div", attributes: [], children: [] };
  for (let n = 0; n < size; n++) {
    const parent = pick(elementsOf(root).filter(hasContent), random) ?? root;
    parent.children.splice(random(parent.children.length + 1), 0, randomNode(random));
  }
  return root;
}

/** The same once more, to be edited. */
export function copyOf<Node extends Drawn>(node: Node): Node {
  return structuredClone(node);
}

/** Edit a template somewhere, as people do. */
export function edit(root: DrawnElement, random: Random): void {
  const parents = elementsOf(root).filter(hasContent);
  const parent = pick(parents, random) ?? root;
  const at = random(parent.children.length + 1);
  const child = parent.children[at];
  const elsewhere = pick(parents, random) ?? root;
  switch (random(9)) {
    case 0:
      return void parent.children.splice(at, 0, randomNode(random));
    case 1:
      return void parent.children.splice(at, 1);
    case 2:
      return void parent.children.splice(0, Infinity, ...parent.children.toReversed());
    case 3:
      return move(parent, at, { to: elsewhere, random });
    case 4:
      if (child !== undefined) parent.children[at] = { tag: "em", attributes: [], children: [child] };
      return undefined;
    case 5:
      if (child !== undefined) parent.children.splice(at, 0, copyOf(child));
      return undefined;
    case 6:
      parent.attributes = randomAttributes(random, parent === root);
      return undefined;
    default:
      return editStaticText(root, random);
  }
}

/** Into another element, if that is not in it. */
function move(
  parent: DrawnElement,
  at: number,
  { to, random }: { readonly to: DrawnElement; readonly random: Random },
): void {
  const child = parent.children[at];
  if (child === undefined || ("tag" in child && elementsOf(child).includes(to))) return;
  parent.children.splice(at, 1);
  to.children.splice(random(to.children.length + 1), 0, child);
}

/** Change a word that is in no expression, where there is one. */
export function editStaticText(root: DrawnElement, random: Random): void {
  const texts = elementsOf(root)
    .filter(isFree)
    .flatMap(({ children }) => children.filter((node) => "words" in node));
  const text = pick(texts, random);
  const at = text?.words.findIndex((word) => !word.startsWith("{{")) ?? -1;
  if (text !== undefined && at !== -1) text.words[at] = `${WORDS[random(WORDS.length)]}-${random(1_000)}`;
}

/** As a component's file has it; where space and comments say nothing, there may be some. */
export function write(root: DrawnElement, random: Random): string {
  const noise = (): string => pick(["", "\n", "\n  ", "<!-- a {{ b }} </div> -->", "\r\n\t"], random) ?? "";
  const writeNode = (node: Drawn): string => {
    if ("words" in node) return node.words.join(pick([" ", "\n  ", "<!-- c --> "], random));
    const attributes = node.attributes
      .toSorted(() => random(3) - 1)
      .map((text) => pick([" ", "\n  "], random) + text);
    if (!hasContent(node)) return `<${node.tag}${attributes.join("")}>`;
    // Only at the edge of a block space is known to say nothing.
    const inside = node.children.map(writeNode).join("");
    return node.tag === "div"
      ? `<div${attributes.join("")}>${noise()}${inside}${noise()}</div>`
      : `<${node.tag}${attributes.join("")}>${inside}</${node.tag}>`;
  };
  return `${noise()}<template>${noise()}${writeNode(root)}${noise()}</template>\n<code>fn a() {}</code>\n`;
}

/** All that code does in a template, each with the loops, conditions, slots and components around it. */
export function thingsOf(root: DrawnElement): {
  readonly holes: readonly string[];
  readonly others: readonly string[];
} {
  const holes: string[] = [];
  const others: string[] = [];
  const visit = (node: Drawn, around: string): void => {
    if ("words" in node) {
      holes.push(...node.words.filter((word) => word.startsWith("{{")).map((word) => `${around} ${word}`));
      return;
    }
    const isOfCode = /^(?:[A-Z]|slot$)/.test(node.tag);
    const own = node.attributes.filter((text) => isOfCode || /^(?:[:@]|v-)/.test(text)).toSorted();
    if (own.length > 0 || isOfCode) others.push(`${around} <${node.tag} ${own.join(" ")}>`);
    const isAround = isOfCode || own.some((text) => /^v-(?:if|for)/.test(text));
    for (const child of node.children)
      visit(child, isAround ? `${around} <${node.tag} ${own.join(" ")}>` : around);
  };
  visit(root, "");
  return { holes: holes.toSorted(), others: others.toSorted() };
}

const WORDS = ["one", "two", "three &amp; more", "{ 4 }"];
const PLAIN = ['class="a"', 'class="b c"', 'id="x"', 'title="&lt;"', "hidden"];
const OF_CODE = [
  ':class="k"',
  ':title="t"',
  '@click="f"',
  '@click="g"',
  'v-if="p"',
  'v-if="q"',
  'v-for="i in l"',
  'v-show="s"',
];

function pick<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items.length === 0 ? undefined : items[random(items.length)];
}

function randomNode(random: Random): Drawn {
  if (random(5) < 2) {
    const words = Array.from(
      { length: 1 + random(3) },
      () => pick([...WORDS, "{{ a }}", "{{ b }}", "{{ c(1 < 2) }}"], random) ?? "",
    );
    return { words };
  }
  const tag = pick(["p", "div", "b", "br", "Child", "slot", "div", "b"], random) ?? "p";
  return { tag, attributes: tag === "slot" ? [] : randomAttributes(random, false), children: [] };
}

function randomAttributes(random: Random, isRoot: boolean): string[] {
  const attributes = [
    pick(PLAIN, random) ?? "",
    ...(random(3) === 0 && !isRoot ? [pick(OF_CODE, random) ?? ""] : []),
  ];
  return random(2) === 0 ? attributes.slice(1) : attributes;
}

function elementsOf(node: DrawnElement): DrawnElement[] {
  return [node, ...node.children.flatMap((child) => ("tag" in child ? elementsOf(child) : []))];
}

function hasContent({ tag }: DrawnElement): boolean {
  return tag !== "br";
}

/** What is in a component or slot is not for a page to change. */
function isFree({ tag }: DrawnElement): boolean {
  return !/^(?:[A-Z]|slot$)/.test(tag);
}
