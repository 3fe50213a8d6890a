import { openRoots } from "../reload/element-path.ts";
import { stamped } from "./asset-urls.ts";
import type { IsMeant } from "./asset-urls.ts";

/** Links in whose place another one is loaded, with all that it will replace. */
const replaced = new WeakMap<HTMLLinkElement, readonly HTMLLinkElement[]>();
const outdated = new WeakSet<HTMLLinkElement>();

/**
 * Load style sheets again, in all open roots: links with their address, and whatever imports them. What there was goes on until
 * the new one is there. Resolves with whether all could be loaded.
 */
export async function swapStyleSheets(isMeant: IsMeant): Promise<boolean> {
  const roots = openRoots();
  const links = roots
    .flatMap((root) => Array.from(root.querySelectorAll("link")))
    .filter((link) => link.relList.contains("stylesheet") && !outdated.has(link));
  const styles = roots.flatMap((root) => Array.from(root.querySelectorAll("style")));
  const imported = new Set([...links, ...styles].flatMap(({ sheet }) => importsIn(sheet, isMeant)));
  // An imported sheet keeps its address: a cache would answer with what it has.
  await Promise.all([...imported].map(async (address) => fetch(address, { cache: "reload" })));
  const results = await Promise.all([
    ...links
      .filter((link) => isMeant(link.href, document.baseURI) || importsIn(link.sheet, isMeant).length > 0)
      .map(swapLink),
    ...styles.filter(({ sheet }) => importsIn(sheet, isMeant).length > 0).map(readAgain),
  ]);
  return results.every(Boolean);
}

async function swapLink(link: HTMLLinkElement): Promise<boolean> {
  const address = stamped(link.href, document.baseURI);
  if (link.disabled) {
    // Nothing of it is shown, and browsers do not load it.
    link.href = address;
    return true;
  }
  const next = link.cloneNode();
  if (!(next instanceof HTMLLinkElement)) return false;
  next.href = address;
  // It is of other content.
  next.removeAttribute("integrity");
  replaced.set(next, [...(replaced.get(link) ?? []), link]);
  outdated.add(link);
  const isLoaded = await inserted(next, link);
  if (!isLoaded) {
    next.remove();
    outdated.delete(link);
    return false;
  }
  // Of alternative styles, scripts say by this which one is shown.
  const [before, after] = [link.sheet, next.sheet];
  if (before !== null && after !== null && before.disabled !== after.disabled)
    after.disabled = before.disabled;
  for (const old of replaced.get(next) ?? []) old.remove();
  return true;
}

/** Styles that stand in the page, with what they import. The element stays the same: others may have it. */
async function readAgain(style: HTMLStyleElement): Promise<boolean> {
  const copy = style.cloneNode(true);
  if (!(copy instanceof HTMLStyleElement)) return false;
  // They are shown twice, until the imports of the element itself are there, too.
  const isLoaded = await inserted(copy, style);
  if (isLoaded) {
    const read = loaded(style);
    style.replaceChildren(...style.childNodes);
    await read;
  }
  copy.remove();
  return isLoaded;
}

async function inserted(next: HTMLElement, before: HTMLElement): Promise<boolean> {
  const isLoaded = loaded(next);
  before.after(next);
  return isLoaded;
}

async function loaded(element: HTMLElement): Promise<boolean> {
  return new Promise((resolve) => {
    element.addEventListener("load", () => resolve(true), { once: true });
    element.addEventListener("error", () => resolve(false), { once: true });
  });
}

/** The addresses of the meant sheets that a sheet imports, by itself or through others. */
function importsIn(sheet: CSSStyleSheet | null, isMeant: IsMeant): readonly string[] {
  return rulesOf(sheet).flatMap((rule) => {
    if (!(rule instanceof CSSImportRule)) return [];
    const address = new URL(rule.href, sheet?.href ?? document.baseURI).href;
    const own = isMeant(address, document.baseURI) ? [address] : [];
    return own.concat(importsIn(rule.styleSheet, isMeant));
  });
}

/** The rules of a sheet, as far as this page may read them. */
export function rulesOf(sheet: CSSStyleSheet | null): readonly CSSRule[] {
  try {
    return [...(sheet?.cssRules ?? [])];
  } catch {
    // It is of another origin.
    return [];
  }
}
