type Child = Node | string | undefined | readonly Child[];

/** Make an element. Everything that is shown is set as text, and what `undefined` stands for is left out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) element.setAttribute(name, value);
  append(element, children);
  return element;
}

/** A button that leaves the focus where it is when it is clicked, and takes it by the keyboard. */
export function button(
  attributes: Readonly<Record<string, string | undefined>>,
  onPress: () => void,
  ...children: readonly Child[]
): HTMLButtonElement {
  const element = h("button", { type: "button", ...attributes }, ...children);
  element.addEventListener("mousedown", (event) => event.preventDefault());
  element.addEventListener("click", onPress);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined) continue;
    if (typeof child === "string" || child instanceof Node) element.append(child);
    else append(element, child);
  }
}
