/** A part of a page as values: text, or an element with its attributes and what is in it. */
export type MarkupTree =
  | string
  | {
      readonly name: string;
      readonly attributes: Readonly<Record<string, string>>;
      readonly content: readonly MarkupTree[];
    };

/** What runs code or loads something by being there. */
const ACTIVE = /^(?:script|style|link|meta|base|iframe|frame|object|embed|template|form)$/;

/** What is in an element. Nothing that runs code is part of it. */
export function readTree(parent: Node): readonly MarkupTree[] {
  return [...parent.childNodes].flatMap((node): readonly MarkupTree[] => {
    if (node instanceof Text) return [node.data];
    if (!(node instanceof HTMLElement) || ACTIVE.test(node.localName)) return [];
    const attributes = [...node.attributes].flatMap(({ name, value }) =>
      mayHave(name, value) ? [[name, value] as const] : [],
    );
    return [{ name: node.localName, attributes: Object.fromEntries(attributes), content: readTree(node) }];
  });
}

/** The nodes for it, made one by one: no text is ever read as HTML. */
export function writeTree(content: readonly MarkupTree[]): readonly Node[] {
  return content.flatMap((each): readonly Node[] => {
    if (typeof each === "string") return [document.createTextNode(each)];
    if (ACTIVE.test(each.name)) return [];
    const element = document.createElement(each.name);
    for (const [name, value] of Object.entries(each.attributes))
      if (mayHave(name, value)) element.setAttribute(name, value);
    element.append(...writeTree(each.content));
    return [element];
  });
}

function mayHave(name: string, value: string): boolean {
  return (
    !name.startsWith("on") &&
    !/^\s*(?:javascript:|vbscript:|data:(?!image\/(?:png|jpeg|gif|webp)))/i.test(value)
  );
}
