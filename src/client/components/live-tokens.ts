/** Something that stands in an element of the page: another element, or a character of a text. */
export interface LiveToken {
  readonly node: ChildNode;
  /** One character; a space for any white space; nothing for an empty text. Elements have none. */
  readonly text?: string;
  /** Where it is in its node. */
  readonly from: number;
  readonly to: number;
  /** Whether its node begins with it. */
  readonly isFirst: boolean;
}

/** What nodes hold, in a row. Comments are no part of it. */
export function tokensOf(nodes: Iterable<Node>, isRaw: boolean): readonly LiveToken[] {
  const tokens: LiveToken[] = [];
  for (const node of nodes) {
    if (node instanceof Element) tokens.push({ node, from: 0, to: 0, isFirst: true });
    else if (node instanceof Text) tokens.push(...charactersOf(node, isRaw));
  }
  return tokens;
}

function charactersOf(node: Text, isRaw: boolean): readonly LiveToken[] {
  const { data } = node;
  if (data === "") return [{ node, text: "", from: 0, to: 0, isFirst: true }];
  return Array.from({ length: data.length }, (_, from) => {
    const character = data[from] ?? "";
    const text = !isRaw && /[ \t\n\r\f]/.test(character) ? " " : character;
    return { node, text, from, to: from + 1, isFirst: from === 0 };
  });
}

export function isSpace({ text }: LiveToken): boolean {
  return text === " " || text === "";
}

/** Whether white space is shown as it is written. */
export function keepsSpace(element: Element): boolean {
  return element.closest("pre, textarea, listing") !== null;
}

/** What is between two places, as it is written. */
export function writtenIn(tokens: readonly LiveToken[]): string {
  return tokens.map(({ node, from, to }) => (node instanceof Text ? node.data.slice(from, to) : "")).join("");
}
