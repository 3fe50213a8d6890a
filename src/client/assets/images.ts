import { openRoots } from "../reload/element-path.ts";
import type { PageRoot } from "../reload/element-path.ts";
import { stamped } from "./asset-urls.ts";
import type { IsMeant } from "./asset-urls.ts";
import { rulesOf } from "./style-sheets.ts";

/** A place in the page where the address of an image is. */
interface ImagePlace {
  readonly addresses: readonly string[];
  readonly write: () => void;
}

const IN_ATTRIBUTES: readonly (readonly [selector: string, attribute: string])[] = [
  ["img, input[type=image]", "src"],
  ["img, source", "srcset"],
  ["video", "poster"],
  ["link[rel~=icon]", "href"],
  ["svg image, svg use", "href"],
];

/** What stands between the brackets of `url()`. */
const IN_URL = /(?<=url\(")[^"]+(?="\))|(?<=url\(')[^']+(?='\))|(?<=url\()[^"')]+(?=\))/g;

/**
 * Show images anew, wherever the page has them: elements, `srcset`, style sheets and styles of elements. The old one stays until
 * the new one is decoded. Resolves with how many places there were, and whether all could be loaded.
 */
export async function swapImages(
  isMeant: IsMeant,
): Promise<{ readonly places: number; readonly areLoaded: boolean }> {
  const places = openRoots().flatMap((root) =>
    placesInElements(root, isMeant).concat(placesInStyles(root, isMeant)),
  );
  const addresses = new Set(places.flatMap((place) => place.addresses));
  // An address is written with the same stamp that is loaded here, and kept until everything shows it.
  const results = await Promise.all([...addresses].map(prepare));
  const areLoaded = results.every((image) => image !== undefined);
  if (areLoaded) for (const place of places) place.write();
  return { places: places.length, areLoaded };
}

const stamps = new Map<string, string>();

async function prepare(address: string): Promise<HTMLImageElement | undefined> {
  const next = stamped(address, document.baseURI);
  stamps.set(address, next);
  const image = new Image();
  image.src = next;
  try {
    // What is shown later by the old address is to be new, too.
    await Promise.all([image.decode(), fetch(address, { cache: "reload" })]);
    return image;
  } catch {
    // It is being written, or gone: what is shown is better.
    return undefined;
  }
}

function stampOf(address: string): string {
  return stamps.get(address) ?? address;
}

function placesInElements(root: PageRoot, isMeant: IsMeant): readonly ImagePlace[] {
  return IN_ATTRIBUTES.flatMap(([selector, attribute]) =>
    [...root.querySelectorAll(selector)].flatMap((element): readonly ImagePlace[] => {
      const value = element.getAttribute(attribute);
      if (value === null) return [];
      const pattern = attribute === "srcset" ? /\S*[^\s,]/g : /^.+$/gs;
      return placeIn(value, pattern, document.baseURI, isMeant, (text) =>
        element.setAttribute(attribute, text),
      );
    }),
  );
}

function placesInStyles(root: PageRoot, isMeant: IsMeant): readonly ImagePlace[] {
  const owned = [...root.querySelectorAll<HTMLElement>("[style*='url(']")].map(({ style }) => style);
  return [
    ...[...root.styleSheets, ...root.adoptedStyleSheets].flatMap((sheet) =>
      placesInRules(rulesOf(sheet), sheet.href ?? document.baseURI, isMeant),
    ),
    ...owned.flatMap((style) => placesInDeclarations(style, document.baseURI, isMeant)),
  ];
}

function placesInRules(
  rules: readonly CSSRule[],
  relativeTo: string,
  isMeant: IsMeant,
): readonly ImagePlace[] {
  return rules.flatMap((rule) => {
    if (rule instanceof CSSImportRule) {
      const { styleSheet } = rule;
      return placesInRules(rulesOf(styleSheet), styleSheet?.href ?? relativeTo, isMeant);
    }
    const inner = "cssRules" in rule && rule.cssRules instanceof CSSRuleList ? [...rule.cssRules] : [];
    const own = "style" in rule && rule.style instanceof CSSStyleDeclaration ? rule.style : undefined;
    return [
      ...(own === undefined ? [] : placesInDeclarations(own, relativeTo, isMeant)),
      ...placesInRules(inner, relativeTo, isMeant),
    ];
  });
}

function placesInDeclarations(
  style: CSSStyleDeclaration,
  relativeTo: string,
  isMeant: IsMeant,
): readonly ImagePlace[] {
  if (!style.cssText.includes("url(")) return [];
  return [...style].flatMap((name) =>
    placeIn(style.getPropertyValue(name), IN_URL, relativeTo, isMeant, (text) =>
      style.setProperty(name, text, style.getPropertyPriority(name)),
    ),
  );
}

/** A text with addresses in it, where one is meant. */
function placeIn(
  text: string,
  pattern: RegExp,
  relativeTo: string,
  isMeant: IsMeant,
  write: (text: string) => void,
): readonly ImagePlace[] {
  const found = (text.match(pattern) ?? []).filter((address) => isMeant(address, relativeTo));
  if (found.length === 0) return [];
  const absolute = (address: string): string => new URL(address, relativeTo).href;
  const replace = (address: string): string =>
    found.includes(address) ? stampOf(absolute(address)) : address;
  return [{ addresses: found.map(absolute), write: () => write(text.replaceAll(pattern, replace)) }];
}
