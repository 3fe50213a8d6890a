import { expect, test } from "vitest";
import { scopedSheet } from "../../src/components/scoped-sheet.ts";

const IN = '@scope ([data-orbit-c="a"]) to (:scope [data-orbit-c])';
/** What makes a selector mean what is written. It is left away here but for its own law; a browser has laws of it too. */
const MEANT_AS_WRITTEN = ":where(*, :scope)";
const DEEP = '@scope ([data-orbit-c="a"])';

const CASES: readonly (readonly [what: string, css: string, scoped: string])[] = [
  ["rules stand in the scope of the component", ".b{c:d} e>f{g:h}", `${IN}{.b{c:d} e>f{g:h}}`],
  [
    "so do groups of rules",
    "@media print{.b{c:d}}@layer l{.b{c:d}}",
    `${IN}{@media print{.b{c:d}}@layer l{.b{c:d}}}`,
  ],
  [
    "and what is nested in rules",
    ".b{&:hover{c:d}@media print{c:d}}",
    `${IN}{.b{&:hover{c:d}@media print{c:d}}}`,
  ],
  ["and scopes within the component", "@scope (.b){.c{d:e}}", `${IN}{@scope (.b){.c{d:e}}}`],
  [
    "what names things of the page stands outside",
    ".b{c:d}@keyframes k{to{c:d}}@font-face{c:d}.e{f:g}",
    `${IN}{.b{c:d}}@keyframes k{to{c:d}}@font-face{c:d}${IN}{.e{f:g}}`,
  ],
  [
    "also where it stood in a group",
    "@media print{.b{c:d}@keyframes k{to{c:d}}}",
    `${IN}{@media print{.b{c:d}}}@media print{@keyframes k{to{c:d}}}`,
  ],
  [
    "imports and layers stand where they stood",
    '@charset "utf-8";@layer a,b;@import "x.css";.b{c:d}',
    `@layer a,b;@import "x.css";${IN}{.b{c:d}}`,
  ],
  [
    "the page itself is in no scope",
    ":root{--b:c}html.dark{d:e}body:has(.b){c:d}",
    ":root{--b:c}html.dark{d:e}body:has(.b){c:d}",
  ],
  [
    "what is in a page of some kind, is",
    "html.dark .b{c:d}:root>body .e{f:g}",
    `${IN}{html.dark .b{c:d}:root>body .e{f:g}}`,
  ],
  [
    "a list of selectors is taken apart where they belong into more than one place",
    ":root,.b{c:d}",
    `:root{c:d}${IN}{.b{c:d}}`,
  ],
  ["what is global is of the page", ":global(.b:not(.c)) {d:e}.f{g:h}", `.b:not(.c) {d:e}${IN}{.f{g:h}}`],
  ["around the component, it is only where it is", ":global(.dark) .b{c:d}", `${IN}{.dark .b{c:d}}`],
  ["within the component, it is also in others", ".b :global(.c):hover{d:e}", `${DEEP}{.b .c:hover{d:e}}`],
  ["as is what is deep", ".b:deep(.c),.d ::v-deep(.e){f:g}", `${DEEP}{.b .c, .d .e{f:g}}`],
  ["declarations without a rule remain without effect", "b:c;.d{e:f}", `${IN}{.d{e:f}}`],
  ["a sheet of nothing is one of nothing", " /* nothing */ ", ""],
];

test.each(CASES)("%s", (_what, css, scoped) => {
  expect(withoutSpace(scopedSheet(css, "a").replaceAll(MEANT_AS_WRITTEN, ""))).toBe(withoutSpace(scoped));
});

test.each([
  [".a .b", "_.a .b"],
  ["p.a", "p_.a"],
  ["*::before", "*_::before"],
  ["::selection", "_::selection"],
  ["svg|a:hover", "svg|a_:hover"],
  ["ä-b > c", "ä-b_ > c"],
  [".a, b", "_.a, b_"],
  // Those say themselves where they begin.
  [":scope > a", ":scope > a"],
  [".a:not(:scope)", ".a:not(:scope)"],
  ["& .a", "& .a"],
  ["> .a", "> .a"],
])("a selector means what is written, not something below the root: %s", (selector, scoped) => {
  const sheet = scopedSheet(`${selector}{a:b}`, "a").replaceAll(MEANT_AS_WRITTEN, "_");
  expect(withoutSpace(sheet)).toBe(`${IN}{${scoped}{a:b}}`);
});

test("a name is text, whatever is in it", () => {
  expect(scopedSheet(".b{}", String.raw`a"]) { \ `)).toContain(String.raw`[data-orbit-c="a\22 ]) { \5c  "]`);
});

/** Where nobody sees whether there is some. */
function withoutSpace(css: string): string {
  return css
    .trim()
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\s?([;{}])\s?/g, "$1");
}
