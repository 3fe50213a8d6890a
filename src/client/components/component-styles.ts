import { openRoots } from "../reload/element-path.ts";

/** The attribute by which a sheet says which component it is of. */
export const STYLE = "data-orbit-style";

/**
 * Write the sheets of a component anew, wherever they stand, each in its own element.
 *
 * @returns why they cannot be, if they cannot: nothing is changed, then
 */
export function writeStyles(id: string, sheets: readonly string[]): string | undefined {
  const writes: (readonly [HTMLStyleElement, string])[] = [];
  for (const root of openRoots()) {
    const styles = [...root.querySelectorAll<HTMLStyleElement>(`style[${STYLE}=${CSS.escape(id)}]`)];
    if (styles.length === 0) continue;
    // Some put them all into one element; others put them where each instance stands.
    const texts = styles.length === 1 ? [sheets.join("\n")] : sheets;
    if (texts.length === 0 || styles.length % texts.length > 0)
      return `${id} has ${styles.length} sheets in the page, and ${sheets.length} in its file.`;
    writes.push(...styles.map((style, index) => [style, texts[index % texts.length] ?? ""] as const));
  }
  for (const [style, text] of writes) {
    if (style.textContent === text) continue;
    const isDisabled = style.sheet?.disabled === true;
    style.textContent = text;
    if (isDisabled && style.sheet !== null) style.sheet.disabled = true;
  }
  return undefined;
}

/** What the sheets of a component are in the page, in their order. */
export function readStyles(id: string): readonly string[] {
  for (const root of openRoots()) {
    const styles = [...root.querySelectorAll(`style[${STYLE}=${CSS.escape(id)}]`)];
    if (styles.length > 0) return styles.map(({ textContent }) => textContent ?? "");
  }
  return [];
}
