import type { TemplateElement } from "../../protocol/component.ts";
import { PatchRefusal } from "./patch-refusal.ts";

type Attributes = TemplateElement["attributes"];

/** Whether an element has the attributes of a template; others it may have, too. */
export function hasAttributes(element: Element, { attributes, bound }: TemplateElement): boolean {
  return Object.entries(attributes).every(([name, value]) => {
    if (bound.includes(name)) return true;
    if (name !== "class") return element.getAttribute(name) === value;
    return wordsIn(value).every((word) => element.classList.contains(word));
  });
}

/**
 * What has to be done for an element to have the attributes of a template, where it has had those of another: what code or people
 * have made of them stays, as far as the template says nothing new of it.
 *
 * @throws {PatchRefusal} where both do
 */
export function mergeAttributes(
  element: Element,
  before: TemplateElement,
  after: TemplateElement,
): readonly (() => void)[] {
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)]);
  return [...names].flatMap((name) => {
    const [from, to] = [valueOf(before.attributes, name), valueOf(after.attributes, name)];
    if (from === to) return [];
    if (before.bound.includes(name) || after.bound.includes(name))
      throw new PatchRefusal(`Code gives ${name} of <${after.tag}>, too.`);
    if (name === "class") return mergeClasses(element, from ?? "", to ?? "");
    return mergeAttribute(element, name, from, to);
  });
}

function mergeAttribute(
  element: Element,
  name: string,
  from: string | null,
  to: string | null,
): readonly (() => void)[] {
  const now = element.getAttribute(name);
  if (now === to) return [];
  if (now !== from) throw new PatchRefusal(`A script has changed ${name} of <${element.localName}>.`);
  // What is no name of an attribute throws here, and not when half of the page is changed.
  if (to !== null) document.createElement("i").setAttribute(name, to);
  return [() => (to === null ? element.removeAttribute(name) : element.setAttribute(name, to))];
}

function mergeClasses(element: Element, from: string, to: string): readonly (() => void)[] {
  const [before, after] = [wordsIn(from), wordsIn(to)];
  const gone = before.filter((word) => !after.includes(word) && element.classList.contains(word));
  const come = after.filter((word) => !before.includes(word) && !element.classList.contains(word));
  const others = [...element.classList].filter((word) => !before.includes(word));
  if (gone.length + come.length === 0 && (others.length > 0 || element.getAttribute("class") === to))
    return [];
  return [
    () => {
      if (others.length === 0 && to === "") element.removeAttribute("class");
      // Where there is no other, they have the order in which they are written.
      else if (others.length === 0) element.setAttribute("class", to);
      else {
        element.classList.remove(...gone);
        element.classList.add(...come);
      }
    },
  ];
}

function valueOf(attributes: Attributes, name: string): string | null {
  return Object.hasOwn(attributes, name) ? (attributes[name] ?? null) : null;
}

function wordsIn(value: string): readonly string[] {
  return value.split(/\s+/).filter((word) => word !== "");
}
