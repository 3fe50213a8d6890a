import type { TemplateElement } from "../../protocol/component.ts";

/** An element of a template with its attributes, of the kind that it is where it will stand. */
export function createLike({ tag, attributes }: TemplateElement, parent: Element): Element {
  const isSvg = tag.toLowerCase() === "svg";
  const isInHtml = parent.localName === "foreignObject" || parent.namespaceURI === null;
  const html = "http://www.w3.org/1999/xhtml";
  const namespace = isSvg ? "http://www.w3.org/2000/svg" : isInHtml ? html : parent.namespaceURI;
  const element = document.createElementNS(namespace, namespace === html ? tag.toLowerCase() : tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
