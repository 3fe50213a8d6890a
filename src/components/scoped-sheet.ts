import { atRule, list } from "postcss";
import type { AtRule, ChildNode, Rule } from "postcss";
import { readSheet } from "./sheet.ts";

/**
 * A style sheet for one component: what it says is said of the elements of the component's own template alone. They are in
 * the element with `data-orbit-c="<id>"`, down to the ones of other components.
 *
 * What may not stand in a scope, or is there for all of a page, stands outside of it: `@import`, `@font-face`, `@keyframes`,
 * `:root`, `html` and `:global(...)`. `:deep(...)` reaches into other components. The order of rules is kept, since the later
 * one of two wins.
 */
export function scopedSheet(css: string, id: string): string {
  const sheet = readSheet(css);
  const parts = (sheet.nodes ?? []).flatMap((node) => partsOf(node));
  sheet.removeAll();
  sheet.append(...inScopes(parts, id));
  return sheet.toString();
}

/** Where something stands: in the scope of the component, in one that reaches into others, or in none. */
type SheetPlace = "scope" | "deep" | "page";
type SheetPart = { readonly place: SheetPlace; readonly node: ChildNode };

/** They hold rules, on a condition or in a layer, and may stand in a scope. */
const GROUPS = new Set(["media", "supports", "container", "layer", "starting-style"]);

/** A rule or a group, cut into parts where not all of it belongs into one place. */
function partsOf(node: ChildNode): readonly SheetPart[] {
  if (node.type === "rule") return partsOfRule(node);
  // Comments say nothing. Neither do declarations outside of rules, in a sheet; in a scope they would.
  return node.type === "atrule" ? partsOfAtRule(node) : [];
}

function partsOfAtRule(node: AtRule): readonly SheetPart[] {
  const name = node.name.toLowerCase();
  // A sheet in a document is text already, of whatever characters.
  if (name === "charset") return [];
  if (name === "scope") return [{ place: "scope", node }];
  if (!GROUPS.has(name) || node.nodes === undefined) return [{ place: "page", node }];
  return runsOf(node.nodes.flatMap((inner) => partsOf(inner))).map(({ place, nodes }) => {
    const group = node.clone({ nodes: [] });
    group.append(...nodes);
    return { place, node: group };
  });
}

function partsOfRule(rule: Rule): readonly SheetPart[] {
  rule.walkRules((nested) => {
    nested.selector = nested.selector.replaceAll(NAMED_PLACE, unwrapped);
  });
  const selectors = list.comma(rule.selector).map((selector) => placeSelector(selector));
  const [first] = selectors;
  if (first === undefined || selectors.every(({ place }) => place === first.place))
    return [{ place: first?.place ?? "scope", node: withSelectors(rule, selectors) }];
  return selectors.map((selector) => ({ place: selector.place, node: withSelectors(rule, [selector]) }));
}

interface PlacedSelector {
  readonly place: SheetPlace;
  readonly selector: string;
}

/** `:global(...)` and `:deep(...)`, with at most two levels of parentheses in them. */
const NAMED_PLACE = /:{1,2}(global|deep|v-deep)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g;
/** What is not in any component, whatever else is said of it. */
const PAGE = /^(?::root|html|body)(?:[.:#[][^\s>+~]*)?$/i;

function placeSelector(selector: string): PlacedSelector {
  const plain = selector.replaceAll(NAMED_PLACE, unwrapped).trim();
  if (PAGE.test(plain)) return { place: "page", selector: plain };
  const last = [...selector.matchAll(NAMED_PLACE)].at(-1);
  // What is before the last element is looked for in all of the page anyway.
  const isLast = last !== undefined && !/[\s>+~]/.test(selector.slice(last.index + last[0].length).trimEnd());
  if (!isLast) return { place: "scope", selector: inAnyPlace(plain) };
  const isAlone = selector.slice(0, last.index).trim() === "" && last[0].includes("global");
  return isAlone ? { place: "page", selector: plain } : { place: "deep", selector: inAnyPlace(plain) };
}

/**
 * In a scope, \`.a .b\` means \`:scope .a .b\`, so that neither the root itself nor what is around it would be found by \`.a\`. A
 * selector that names the scope somewhere means what is written, and only what it leads to has to be within.
 */
function inAnyPlace(selector: string): string {
  if (/^[>+~]|&|:scope(?![\w-])/.test(selector)) return selector;
  const [type = ""] = /^(?:[\w*|-]|[^\0-\x7F]|\\.)*/u.exec(selector) ?? [];
  return `${type}:where(*, :scope)${selector.slice(type.length)}`;
}

function unwrapped(_all: string, name: string, inner: string): string {
  // `.a:deep(.b)` is what is in it, `.a:global(.b)` is itself.
  return (name === "global" ? "" : " ") + inner.trim();
}

function withSelectors(rule: Rule, selectors: readonly PlacedSelector[]): Rule {
  const selector = selectors.map((each) => each.selector).join(", ");
  if (selector === rule.selector) return rule;
  const clone = rule.clone();
  clone.selector = selector;
  return clone;
}

/** Neighbours of one place, together. */
function runsOf(
  parts: readonly SheetPart[],
): readonly { readonly place: SheetPlace; readonly nodes: readonly ChildNode[] }[] {
  const runs: { readonly place: SheetPlace; readonly nodes: ChildNode[] }[] = [];
  for (const { place, node } of parts) {
    const last = runs.at(-1);
    if (last?.place === place) last.nodes.push(node);
    else runs.push({ place, nodes: [node] });
  }
  return runs;
}

function inScopes(parts: readonly SheetPart[], id: string): readonly ChildNode[] {
  const root = `([data-orbit-c="${id.replaceAll(/["\\\n]/g, (character) => `\\${character.codePointAt(0)?.toString(16)} `)}"])`;
  return runsOf(parts).flatMap(({ place, nodes }) => {
    if (place === "page") return nodes;
    const limit = place === "scope" ? " to (:scope [data-orbit-c])" : "";
    const scope = atRule({ name: "scope", params: root + limit });
    scope.append(...nodes);
    return [scope];
  });
}
