import type { FieldHistory } from "./field-history.ts";
import { readTree, writeTree } from "./markup.ts";
import type { MarkupTree } from "./markup.ts";

/** What is in a field: text, a check, what is selected, or what has been written in an editable part of the page. */
export type FieldState =
  | { readonly text: string }
  | { readonly checked: boolean; readonly indeterminate: boolean }
  | { readonly selected: readonly string[] }
  | { readonly content: readonly MarkupTree[] };

const FIELDS = "input,textarea,select,[contenteditable]:not([contenteditable=false])";

/** Whatever people can write or choose in. */
export function fieldsOf(root: ParentNode): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(FIELDS)];
}

/**
 * What tells a field from others, wherever in the page it is. Where several have the same, their order tells them apart as
 * long as there are as many of them.
 */
export function signatureOf(field: HTMLElement): string {
  const at = (name: string): string => field.getAttribute(name) ?? "";
  const form = "form" in field && field.form instanceof HTMLFormElement ? field.form : undefined;
  const names = [field.id, at("name")];
  const isNamed = names.some((name) => name !== "");
  return JSON.stringify([
    isChoice(field) ? `${field.type} ${field.value}` : field.localName,
    ...names,
    form?.id,
    form?.getAttribute("name"),
    ...(isNamed ? [] : ["placeholder", "aria-label", "autocomplete", "class"].map(at)),
  ]);
}

/** What is in a field, if that is something else than the page has given it. */
export function readField(field: HTMLElement, history: FieldHistory): FieldState | undefined {
  const isChanged = history.isChanged(field);
  if (isChoice(field)) return readCheck(field, isChanged);
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)
    return isChanged || field.value !== field.defaultValue ? { text: field.value } : undefined;
  if (field instanceof HTMLSelectElement) {
    if (!isChanged && isAsGiven(field)) return undefined;
    return { selected: [...field.selectedOptions].map(({ value }) => value) };
  }
  return isChanged ? { content: readTree(field) } : undefined;
}

function readCheck(field: HTMLInputElement, isChanged: boolean): FieldState | undefined {
  const { checked, indeterminate } = field;
  // Of a group it is enough to know which one is checked.
  if (field.type === "radio" && !checked) return undefined;
  const isKept = isChanged || checked !== field.defaultChecked || indeterminate;
  return isKept ? { checked, indeterminate } : undefined;
}

/** Whether a field has what it should have. */
export function hasState(field: HTMLElement, state: FieldState): boolean {
  if ("checked" in state) return isChoice(field) && field.checked === state.checked;
  if ("text" in state) return isText(field) && field.value === state.text;
  if ("selected" in state) {
    if (!(field instanceof HTMLSelectElement)) return false;
    const selected = [...field.selectedOptions].map(({ value }) => value);
    return JSON.stringify(selected) === JSON.stringify(state.selected);
  }
  return JSON.stringify(readTree(field)) === JSON.stringify(state.content);
}

/**
 * Put into a field what was in it, as if somebody had written it: what listens to it hears of it. Returns whether the field
 * could take it.
 */
export function writeField(field: HTMLElement, state: FieldState): boolean {
  if ("checked" in state) return isChoice(field) && writeCheck(field, state);
  const isWritten =
    ("text" in state && writeText(field, state.text)) ||
    ("selected" in state && writeSelection(field, state.selected)) ||
    ("content" in state && writeContent(field, state.content));
  if (isWritten) tellChange(field);
  return isWritten;
}

function writeCheck(
  field: HTMLInputElement,
  { checked, indeterminate }: { readonly checked: boolean; readonly indeterminate: boolean },
): boolean {
  field.indeterminate = indeterminate;
  if (field.checked === checked) return true;
  // Where a framework watches the property, it hears of it by the click alone.
  if (Object.hasOwn(field, "checked") && !field.disabled) field.click();
  else {
    Reflect.set(HTMLInputElement.prototype, "checked", checked, field);
    tellChange(field);
  }
  return true;
}

function writeText(field: HTMLElement, text: string): boolean {
  if (!isText(field)) return false;
  // The setter of the element itself may be a framework's, for which this would be its own doing.
  const { prototype } = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
  return Reflect.set(prototype, "value", text, field);
}

function writeSelection(field: HTMLElement, selected: readonly string[]): boolean {
  if (!(field instanceof HTMLSelectElement)) return false;
  const options = [...field.options];
  // An edit may have taken away what was selected.
  if (!selected.every((value) => options.some((option) => option.value === value))) return false;
  const wanted = [...selected];
  for (const option of options) {
    const at = wanted.indexOf(option.value);
    option.selected = at !== -1;
    if (at !== -1) wanted.splice(at, 1);
  }
  return true;
}

function writeContent(field: HTMLElement, content: readonly MarkupTree[]): boolean {
  if (isText(field) || isChoice(field)) return false;
  field.replaceChildren(...writeTree(content));
  return true;
}

function tellChange(field: HTMLElement): void {
  field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function isChoice(field: Element): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

function isText(field: Element): field is HTMLInputElement | HTMLTextAreaElement {
  return field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && !isChoice(field));
}

function isAsGiven({ options, multiple }: HTMLSelectElement): boolean {
  const all = [...options];
  // A browser selects the first where the page does not say which.
  const first = multiple || all.some(({ defaultSelected }) => defaultSelected) ? undefined : all[0];
  return all.every((option) => option.selected === (option.defaultSelected || option === first));
}
