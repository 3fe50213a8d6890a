import { expect, test } from "vitest";
import { PatchedPage } from "./patched-page.ts";

const root = (inner: string, attributes = ""): string =>
  `<main data-orbit-c="x"${attributes}>${inner}</main>`;
const of = (inner: string, attributes = ""): string => `<main${attributes}>${inner}</main>`;

/** The same, whatever the order of words in a class. */
function wordsOf(html: string): string {
  return html.replace(/class="([^"]*)"/, (_, own: string) => own.split(" ").toSorted().join());
}

/** What a program has drawn, the template before and after, and what is to be seen then. */
const EDITS: readonly (readonly [law: string, drawn: string, before: string, after: string, seen: string])[] =
  [
    ["a text", "<p>one</p>", "<p>one</p>", "<p>two</p>", "<p>two</p>"],
    [
      "an attribute",
      `<p title="one">a</p>`,
      `<p title="one">a</p>`,
      `<p title="two">a</p>`,
      `<p title="two">a</p>`,
    ],
    ["an attribute that comes", "<p>a</p>", "<p>a</p>", `<p lang="en">a</p>`, `<p lang="en">a</p>`],
    ["an attribute that goes", `<p lang="en">a</p>`, `<p lang="en">a</p>`, "<p>a</p>", "<p>a</p>"],
    [
      "a word of a class",
      `<p class="a mine b">a</p>`,
      `<p class="a b">a</p>`,
      `<p class="b c">a</p>`,
      `<p class="mine b c">a</p>`,
    ],
    [
      "a text around a value",
      "<p>Count: 5</p>",
      "<p>Count: {{n}}</p>",
      "<p>Total: {{n}}!</p>",
      "<p>Total: 5!</p>",
    ],
    [
      "values that change places",
      "<p>1 of 2</p>",
      "<p>{{a}} of {{b}}</p>",
      "<p>{{b}}, {{a}}</p>",
      "<p>2, 1</p>",
    ],
    ["an element that comes", "<p>a</p>", "<p>a</p>", "<p>a</p><b>new</b>", "<p>a</p><b>new</b>"],
    ["an element that goes", "<p>a</p><b>old</b>", "<p>a</p><b>old</b>", "<p>a</p>", "<p>a</p>"],
    [
      "an order",
      "<p>a</p><b>b</b><i>c</i>",
      "<p>a</p><b>b</b><i>c</i>",
      "<i>c</i><p>a</p><b>b</b>",
      "<i>c</i><p>a</p><b>b</b>",
    ],
    [
      "what is not there now",
      "<p>a</p>",
      "<p>a</p><b v-if>b</b><i>c</i>".replace("<i>c</i>", ""),
      "<p>z</p><b v-if>B</b>",
      "<p>z</p>",
    ],
    [
      "what is there now",
      "<p>a</p><b>b</b>",
      "<p>a</p><b v-if>b</b>",
      "<p>z</p><b v-if>B</b>",
      "<p>z</p><b>B</b>",
    ],
    [
      "one of two branches",
      "<p>no</p>",
      "<p v-if>yes</p><p v-else>no</p>",
      "<p v-if>Yes</p><p v-else>No</p>",
      "<p>No</p>",
    ],
    [
      "no items",
      "<ul></ul>",
      "<ul><li v-for>a {{x}}</li></ul>",
      "<ul><li v-for>b {{x}}</li></ul>",
      "<ul></ul>",
    ],
    [
      "one item",
      "<ul><li>a 1</li></ul>",
      "<ul><li v-for>a {{x}}</li></ul>",
      "<ul><li v-for>b {{x}}</li></ul>",
      "<ul><li>b 1</li></ul>",
    ],
    [
      "many items",
      "<ul><li>a 1</li><li>a 2</li><li>a </li></ul>",
      "<ul><li v-for>a {{x}}</li></ul>",
      "<ul><li v-for><b>b</b>{{x}} a</li></ul>".replace("<b>b</b>{{x}} a", "b {{x}}."),
      "<ul><li>b 1.</li><li>b 2.</li><li>b .</li></ul>",
    ],
    [
      "what is around a component, whose inside is its own",
      `<p>a</p><div data-orbit-c="card"><p>a</p></div>`,
      "<p>a</p><Card/>",
      "<Card/><p>b</p>",
      `<div data-orbit-c="card"><p>a</p></div><p>b</p>`,
    ],
    [
      "what is around a slot, in which others have drawn",
      "<h1>a</h1><p>a</p>any <b>x</b><i>end</i>",
      "<h1>a</h1><slot/><i>end</i>",
      "<h1>b</h1><slot/><i>End</i>",
      "<h1>b</h1><p>a</p>any <b>x</b><i>End</i>",
    ],
    [
      "something around it",
      "<p>a</p>",
      "<p>a</p>",
      "<section><p>a</p></section>",
      "<section><p>a</p></section>",
    ],
    [
      "text with space that nobody sees",
      "\n  <p>\n  one\n </p>\n",
      " <p> one </p> ",
      " <p> two </p> ",
      "\n  <p>\n  two\n </p>\n",
    ],
  ];

test.each(EDITS)("%s is edited in the page", async (_law, drawn, before, after, seen) => {
  const page = await PatchedPage.open(root(drawn));
  expect(await page.patch(of(before), of(after))).toBeUndefined();
  expect(await page.body()).toBe(root(seen));
  // Twice is once.
  expect(await page.patch(of(before), of(after))).toBeUndefined();
  expect(await page.body()).toBe(root(seen));
});

test.each(EDITS)("%s is as it was drawn when the edit is taken back", async (_law, drawn, before, after) => {
  const page = await PatchedPage.open(root(drawn));
  const whole = await page.body();
  await page.patch(of(before), of(after));
  expect(await page.patch(of(before), of(before))).toBeUndefined();
  expect(wordsOf(await page.body())).toBe(wordsOf(whole));
});
