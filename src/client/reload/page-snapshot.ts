import { elementAt, openRoots, pathTo, rootAt, rootPath } from "./element-path.ts";
import type { ElementPath, PageRoot } from "./element-path.ts";
import type { FieldHistory } from "./field-history.ts";
import { fieldsOf, readField, signatureOf } from "./fields.ts";
import type { FieldState } from "./fields.ts";
import { readCaret } from "./caret.ts";
import { mayKeep, mayKeepPlace } from "./secret-fields.ts";
import type { Caret } from "./caret.ts";

/** How a field is found again: which one it is of those in its root with its signature. */
export interface FieldName {
  readonly root: ElementPath;
  readonly signature: string;
  readonly index: number;
  /** How many there are. Where that is another number, none of them is surely the same. */
  readonly count: number;
}

export interface KeptField {
  readonly name: FieldName;
  readonly state: FieldState;
}

/** A path of `undefined` is the window. */
export interface KeptScroll {
  readonly path?: ElementPath | undefined;
  readonly left: number;
  readonly top: number;
}

export interface KeptDetails {
  readonly path: ElementPath;
  readonly isOpen: boolean;
}

export interface KeptFocus {
  readonly on: FieldName | ElementPath;
  readonly caret?: Caret | undefined;
}

/** What people would lose with a document, apart from what programs know. */
export interface PageSnapshot {
  readonly fields: readonly KeptField[];
  readonly scrolls: readonly KeptScroll[];
  readonly details: readonly KeptDetails[];
  readonly focus?: KeptFocus | undefined;
}

/** Read what the document has. Nothing of it is changed. */
export function takeSnapshot(history: FieldHistory): PageSnapshot {
  const roots = openRoots();
  return {
    fields: roots.flatMap((root) => keptFields(root, history)),
    scrolls: [
      ...(mayKeepPlace(document.documentElement) ? [{ left: scrollX, top: scrollY }] : []),
      ...roots.flatMap((root) => [...root.querySelectorAll("*")]).flatMap(keptScroll),
    ],
    details: roots.flatMap((root) => keptDetails(root, history)),
    focus: keptFocus(history),
  };
}

/** The field with this name, if it is there by now and there is no doubt. */
export function fieldAt({ root, signature, index, count }: FieldName): HTMLElement | undefined {
  const at = rootAt(root);
  const alike = at === undefined ? [] : fieldsOf(at).filter((field) => signatureOf(field) === signature);
  return alike.length === count ? alike[index] : undefined;
}

/** Whatever has the focus, inside of shadow roots too. */
export function activeElement(): HTMLElement | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement && active !== document.body ? active : undefined;
}

/** What has this name. */
export function focusAt(on: KeptFocus["on"]): HTMLElement | undefined {
  const element = "signature" in on ? fieldAt(on) : elementAt(on);
  return element instanceof HTMLElement ? element : undefined;
}

function keptFields(root: PageRoot, history: FieldHistory): readonly KeptField[] {
  const names = namesIn(root);
  return [...names].flatMap(([field, name]) => {
    const state = mayKeep(field, history) ? readField(field, history) : undefined;
    return state === undefined ? [] : [{ name, state }];
  });
}

function namesIn(root: PageRoot): ReadonlyMap<HTMLElement, FieldName> {
  const path = rootPath(root);
  const alike = new Map<string, HTMLElement[]>();
  for (const field of fieldsOf(root)) {
    const signature = signatureOf(field);
    alike.set(signature, [...(alike.get(signature) ?? []), field]);
  }
  return new Map(
    [...alike].flatMap(([signature, fields]) =>
      fields.map((field, index) => [field, { root: path, signature, index, count: fields.length }] as const),
    ),
  );
}

function keptDetails(root: PageRoot, history: FieldHistory): readonly KeptDetails[] {
  return [...root.querySelectorAll("details")].flatMap((details) => {
    const { open: isOpen } = details;
    // One that was closed by whoever looks at it has told so.
    const isKept = (isOpen || history.isChanged(details)) && mayKeepPlace(details);
    return isKept ? [{ path: pathTo(details), isOpen }] : [];
  });
}

function keptScroll(element: Element): readonly KeptScroll[] {
  const { scrollLeft: left, scrollTop: top } = element;
  // The window scrolls with this one.
  if ((left === 0 && top === 0) || element === document.scrollingElement) return [];
  return mayKeepPlace(element) ? [{ path: pathTo(element), left, top }] : [];
}

function keptFocus(history: FieldHistory): KeptFocus | undefined {
  const element = activeElement();
  if (element === undefined || !mayKeepPlace(element)) return undefined;
  const root = element.getRootNode();
  const name =
    root instanceof Document || root instanceof ShadowRoot ? namesIn(root).get(element) : undefined;
  return { on: name ?? pathTo(element), caret: mayKeep(element, history) ? readCaret(element) : undefined };
}
