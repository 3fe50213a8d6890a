/** What is selected: from where to where of a text, or from which node and place to which, as indexes from the outside. */
export type Caret =
  | {
      readonly start: number;
      readonly end: number;
      readonly direction: "forward" | "backward" | "none" | undefined;
    }
  | { readonly anchor: readonly number[]; readonly focus: readonly number[] };

type TextField = HTMLInputElement | HTMLTextAreaElement;

/** What is selected in the element that has the focus. */
export function readCaret(element: HTMLElement): Caret | undefined {
  if (isTextField(element)) {
    const { selectionStart: start, selectionEnd: end, selectionDirection: direction } = element;
    // Fields for numbers and addresses do not tell.
    return start === null || end === null ? undefined : { start, end, direction: direction ?? undefined };
  }
  const selection = element.isContentEditable ? selectionOf(element) : null;
  if (selection?.anchorNode == null || selection.focusNode == null) return undefined;
  const anchor = placeIn(element, selection.anchorNode, selection.anchorOffset);
  const focus = placeIn(element, selection.focusNode, selection.focusOffset);
  return anchor === undefined || focus === undefined ? undefined : { anchor, focus };
}

/** Select it again. */
export function writeCaret(element: HTMLElement, caret: Caret): void {
  if ("start" in caret) {
    if (isTextField(element) && element.selectionStart !== null)
      element.setSelectionRange(caret.start, caret.end, caret.direction);
    return;
  }
  const [anchor, focus] = [nodeIn(element, caret.anchor), nodeIn(element, caret.focus)];
  if (anchor !== undefined && focus !== undefined)
    selectionOf(element)?.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
}

function isTextField(element: HTMLElement): element is TextField {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

function selectionOf(element: HTMLElement): Selection | null {
  const root = element.getRootNode();
  // Of Chromium alone; elsewhere the selection of the document reaches into shadow roots.
  const own: unknown = Reflect.get(root, "getSelection");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what documents and these roots have by that name
  return typeof own === "function" ? (own.call(root) as Selection | null) : getSelection();
}

function placeIn(element: Node, node: Node, offset: number): readonly number[] | undefined {
  const place = [offset];
  for (let at = node; at !== element;) {
    const parent: Node | null = at.parentNode;
    if (parent === null) return undefined;
    place.unshift([...parent.childNodes].findIndex((child) => child === at));
    at = parent;
  }
  return place;
}

function nodeIn(
  element: Node,
  place: readonly number[],
): { readonly node: Node; readonly offset: number } | undefined {
  let node = element;
  for (const index of place.slice(0, -1)) {
    const next = node.childNodes[index];
    if (next === undefined) return undefined;
    node = next;
  }
  const most = node instanceof CharacterData ? node.data.length : node.childNodes.length;
  return { node, offset: Math.min(place.at(-1) ?? 0, most) };
}
