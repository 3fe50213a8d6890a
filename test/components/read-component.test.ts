import { expect, test } from "vitest";
import type { Component } from "../../src/components/component.ts";
import { readComponent } from "../../src/components/read-component.ts";
import type { TemplateNode } from "../../src/protocol/component.ts";

const COUNTER = `<template>
  <!-- a card -->
  <div class="card" :class="kind">
    <h1>{{ title }}</h1>
    <template v-if="open"><p>{{ count }} of <b>{{ max }}</b></p></template>
    <ul><li v-for="item in items" @click="pick(item)">{{ item.name }}</li></ul>
    <Counter :start="1 < 2" label="a &amp; b"/>
    <input value='x' disabled><slot>nothing</slot>
  </div>
</template>

<style>
.card { color: red }
</style>

<style scoped="false">
body { margin: 0 }
</style>

<code lang="rust">
fn all() -> Vec<u8> { if 1 < 2 { vec![] } else { vec![1] } }
</code>
`;

test("sections are read in their order, with their attributes and what only a build understands", () => {
  const { sections, outside } = read(COUNTER);
  expect(sections.map(({ kind, tag, attributes }) => [kind, tag, attributes])).toEqual([
    ["template", "template", {}],
    ["style", "style", {}],
    ["style", "style", { scoped: "false" }],
    ["text", "code", { lang: "rust" }],
  ]);
  expect(sections.flatMap((section) => (section.kind === "style" ? section.isScoped : []))).toEqual([
    true,
    false,
  ]);
  expect(sections.at(-1)).toMatchObject({ text: expect.stringContaining("Vec<u8>") });
  expect(outside).toBe("");
});

test("line ends and a byte order mark say nothing", () => {
  expect(read(`\uFEFF${COUNTER.replaceAll("\n", "\r\n")}`)).toEqual(read(COUNTER));
});

test("the end of a script ends code, and the older name of code is read as well", () => {
  for (const text of [
    COUNTER.replace("</code>", "</script>"),
    COUNTER.replace("<code", "<script").replace("</code", "</script"),
  ])
    expect(read(text).sections.at(-1)).toMatchObject({
      kind: "text",
      text: expect.stringContaining("Vec<u8>"),
    });
});

test("a section begins wherever its tag does, and not in a comment or in another section", () => {
  const { sections, outside } = read(
    `a <template><pre>&lt;style></pre></template><!-- <style> --> b <code>"<style>"</code><style >a{}</style\n>`,
  );
  expect(sections.map(({ tag }) => tag)).toEqual(["template", "code", "style"]);
  expect(outside).toBe("a b");
});

test("a template within a template does not end it", () => {
  const nodes = templateOf("<div><template><template><p>a</p></template></template>b</div>");
  expect(nodes).toMatchObject([
    { tag: "div", children: [{ kind: "slot", tag: "template" }, { parts: ["b"] }] },
  ]);
});

test("what code does with an element is told from what is plain", () => {
  expect(
    templateOf(
      `<p class="a" :class="b" v-bind:title=" c  + d " @click.once="e" v-on:input="f" x="1{{ y }}"/>`,
    ),
  ).toEqual([
    {
      kind: "element",
      tag: "p",
      times: "one",
      attributes: { class: "a" },
      bound: ["class", "title", "x"],
      code: [':class="b"', ':title="c + d"', '@click.once="e"', '@input="f"', 'x="1{{ y }}"'],
      children: [],
    },
  ]);
});

test("an element may be there once, perhaps or many times, and a later condition is one behind others", () => {
  const nodes = templateOf(
    `<i/><i v-if="a"/> <!-- b --> <i v-else-if="b"/>\n<i v-else/><i v-for="a in b" v-if="a"/>`,
  );
  expect(nodes.flatMap((node) => (node.kind === "text" ? [] : [[node.times, ...(node.code ?? [])]]))).toEqual(
    [
      ["one"],
      ["optional", 'v-if="a"'],
      ["optional", 'v-else-if="b" after v-if="a"'],
      ["optional", 'v-else after v-if="a", v-else-if="b"'],
      ["many", 'v-for="a in b"', 'v-if="a"'],
    ],
  );
});

test("all that is said of a component is for its code", () => {
  expect(templateOf(`<div><TodoList title="a" :items="b"><b>c</b></TodoList></div>`)).toMatchObject([
    { children: [{ kind: "component", tag: "TodoList", code: [':items="b"', 'title="a"'] }] },
  ]);
});

test("text is as HTML draws it: space is condensed, at the edge of a block it is nothing, entities are decoded", () => {
  const [div] = templateOf(
    "<div>\n  a &lt;&nbsp;<!-- - -->\n b\t<b> c </b>\n <p> {{ d }}  e </p>  <p></p></div>",
  );
  expect(div?.kind === "element" && div.children).toMatchObject([
    { parts: ["a <\u00A0 b "] },
    { tag: "b", children: [{ parts: [" c "] }] },
    { tag: "p", children: [{ parts: [{ hole: "d" }, " e"] }] },
    { tag: "p", children: [] },
  ]);
});

test("text that is formatted already remains so, but for the line end right behind its tag", () => {
  expect(templateOf("<pre>\n\n a\n  <b> </b></pre>")).toMatchObject([
    { children: [{ parts: ["\n a\n  "] }, { children: [{ parts: [" "] }] }] },
  ]);
  expect(templateOf("<textarea>\na <b> {{ c }}</textarea>")).toMatchObject([
    { children: [{ parts: ["a <b> ", { hole: "c" }] }] },
  ]);
});

test("an expression may hold what looks like markup, or like its own end in a string", () => {
  expect(templateOf(`<p>{{ a <b }}{{ f("}}", "{{\\"") }} a < b {</p>`)).toMatchObject([
    { children: [{ parts: [{ hole: "a <b" }, { hole: `f("}}", "{{\\"")` }, " a < b {"] }] },
  ]);
});

test("what no template knows the nodes of is any run of nodes", () => {
  expect(templateOf(`<div v-html="a"/>`)).toMatchObject([{ children: [{ kind: "slot", tag: "v-html" }] }]);
  expect(templateOf("<div><script>a < '</p>'</script></div>")).toMatchObject([
    { children: [{ tag: "script", children: [{ kind: "slot", children: [{ parts: ["a < '</p>'"] }] }] }] },
  ]);
});

const PROBLEMS: readonly (readonly [text: string, says: string, line: number, column: number])[] = [
  ["", "Expected a `<template>`, a `<style>` or a `<code>`, got the end of the file.", 1, 1],
  ["<templ", "Expected `>` to end the tag `<templ`, got the end of the file.", 1, 1],
  [
    "\uFEFF\r\n<template>\r\n<div>",
    "Expected `</div>` to end the `<div>` that begins here, got the end of the file.",
    3,
    1,
  ],
  ["<template><p></div></template>", "Expected `</p>`, got `</div>`.", 1, 14],
  ["<template>\n  <p a=></p></template>", "Expected a value for the attribute `a`, got `>`.", 2, 8],
  ["<template><p a='1></p></template>", "Expected ' to end the value of `a` that begins here", 1, 16],
  ["<template><p a='1'b></p></template>", "Expected a space, or `>` to end the tag `<p`, got `b`.", 1, 19],
  ["<template><p a a></p></template>", "Expected each attribute once, got `a` twice in `<p>`.", 1, 16],
  [
    "<template><p <b></b></p></template>",
    "Expected the name of an attribute, or `>` to end the tag `<p`, got `<b>`.",
    1,
    14,
  ],
  [
    "<template><p>{{ a </p></template>",
    "Expected `}}` to end the `{{` here, got the end of the file.",
    1,
    14,
  ],
  [
    "<template><p>{{ a <b>{{ c }}</b></p></template>",
    "Expected `}}` to end the `{{` here, got another `{{`.",
    1,
    14,
  ],
  ["<template><p>{{ }}</p></template>", "Expected an expression between `{{` and `}}`, got none.", 1, 14],
  ["<template><p>a<\n</p></template>", "Expected a tag, or `&lt;` for a `<` that is text, got `<`.", 1, 15],
  ["<template><br></br></template>", "Expected no end of a `<br>`, got `</br>`.", 1, 15],
  [
    "<template><p v-else/></template>",
    "Expected an element with `v-if` right before the one with `v-else`, got none.",
    1,
    11,
  ],
  ["<template><p v-if='a'/>b<p v-else/></template>", "Expected an element with `v-if` right before", 1, 25],
  ["<template><!-- a </template>", "Expected `-->` to end the comment that begins here", 1, 11],
  ["<template/><template/>", "Expected one `<template>`, got a second one.", 1, 12],
  ["<code>\nfn a() {}", "Expected `</code>` to end the `<code>` that begins here", 1, 1],
  ["\n<style>\n.a {\n", "Expected `</style>` to end the `<style>` that begins here", 2, 1],
  ["\n <style>.a { b: c </style>", "Expected a style sheet, got a mistake in one: Unclosed block.", 2, 9],
  [
    "\n<style>\r\n.a { b: c }\r\n  d e;</style>",
    "Expected a style sheet, got a mistake in one: Unknown word",
    4,
    3,
  ],
];

test.each(PROBLEMS)("what is half-typed is a problem with its place: %j", (text, says, line, column) => {
  expect(readComponent(text)).toEqual({
    kind: "problem",
    message: expect.stringContaining(says),
    line,
    column,
  });
});

test("each beginning of a file is read, or a problem within it", () => {
  for (let end = 0; end < COUNTER.length; end++) {
    const lines = COUNTER.slice(0, end).split("\n");
    const result = readComponent(COUNTER.slice(0, end));
    // Only between sections is a beginning a whole.
    const isWhole = /<\/(?:template|style|code)>\s*$/.test(COUNTER.slice(0, end));
    expect(result.kind === "problem" ? result.line <= lines.length : isWhole).toBe(true);
  }
});

const nested = (depth: number): string =>
  `<template>${"<b>".repeat(depth)}${"</b>".repeat(depth)}</template>`;
const rules = (depth: number): string => `<style>${"a{".repeat(depth)}${"}".repeat(depth)}</style>`;

test("elements and rules within each other have a limit, and no depth is too much for a reader", () => {
  for (const text of [nested(500), rules(500)])
    expect(readComponent(text)).toMatchObject({ kind: "component" });
  for (const text of [nested(100_000), rules(100_000)])
    expect(readComponent(text)).toMatchObject({
      kind: "problem",
      message: expect.stringContaining("Expected at most 512"),
    });
});

function read(text: string): Component {
  const component = readComponent(text);
  if (component.kind === "problem") throw new Error(JSON.stringify(component));
  return component;
}

function templateOf(markup: string): readonly TemplateNode[] {
  const [template] = read(`<template>${markup}</template>`).sections;
  return template?.kind === "template" ? template.nodes : [];
}
