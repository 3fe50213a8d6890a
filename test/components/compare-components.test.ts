import { describe, expect, test } from "vitest";
import { compareComponents, wholePatch } from "../../src/components/compare-components.ts";
import type { ComponentChange } from "../../src/components/compare-components.ts";

const ID = "components/counter";

const BUILT = `<template>
  <div class="card" id="one">
    <h1>Hello</h1>
    <p class="a" :class="kind">{{ count }} of {{ max }}</p>
    <button @click="add" title="Add">Add</button>
    <button @click="sub" ref="sub">Sub</button>
    <section><p v-if="open">Open</p><p v-else>Closed</p></section>
    <ul><li v-for="item in items"><b>{{ item }}</b> <i>!</i></li></ul>
    <Counter start="1"><b>inside</b></Counter>
    <slot>nothing</slot>
    <script>run()</script>
    <em>last</em>
  </div>
</template>

<style>
.card { color: red }
</style>

<style scoped="false">
body { margin: 0 }
</style>

<code lang="rust">
fn add() {}
</code>
`;

type Edit = readonly [what: string, from: string | RegExp, to: string];

describe("an edit says nothing new", () => {
  const edits: readonly Edit[] = [
    ["nothing", "", ""],
    ["a comment in the template", "<h1>", "<!-- a title --><h1>"],
    ["a comment between sections", "<style>", "<!-- styles --><style>"],
    ["a comment in a style sheet", "color: red", "/* so */ color: /* not */ red; /* blue */"],
    ["lines and indentation", /\n +/g, "\n\n\t"],
    ["line ends", /\n/g, "\r\n"],
    ["a byte order mark", "", "\uFEFF"],
    ["space in a style sheet", "{ color: red }", "{\n  color:red;\n}"],
    ["space in an expression", "{{ count }}", "{{count}}"],
    ["the order of attributes", 'class="card" id="one"', `id='one' class="card"`],
    ["another way to write a character", "Hello", "H&#101;llo"],
    ["another way to write what code does", "@click", "v-on:click"],
    ["the end of the code", "</code>", "\n</script>"],
  ];
  test.each(edits)("%s", (_what, from, to) => {
    expect(edited(from, to)).toEqual({ kind: "same" });
  });
});

describe("an edit is patched into pages", () => {
  const edits: readonly Edit[] = [
    ["text", "Hello", "Good bye"],
    ["an attribute", 'id="one"', 'id="two"'],
    ["an attribute that comes", "<h1>", '<h1 title="new">'],
    ["an attribute beside one of code", 'title="Add"', 'title="More"'],
    ["an element that comes", "<h1>", "<hr><h1>"],
    ["an element that goes", "<em>last</em>", ""],
    ["another tag of an element that code knows nothing of", /h1>/g, "h2>"],
    ["text around a hole", "of {{", "out of {{"],
    ["a hole that goes", " of {{ max }}", ""],
    ["all holes of a text that go", "{{ count }} of {{ max }}", "none"],
    ["an element that goes with its hole", "<b>{{ item }}</b>", ""],
    ["holes in another order", "{{ count }} of {{ max }}", "{{ max }} - {{ count }}"],
    ["an element around a hole", "{{ count }} of {{ max }}", "<b>{{ count }} of {{ max }}</b>"],
    ["text in a loop", "<i>!</i>", "<i>?</i>"],
    ["a condition's text", "Closed", "Shut"],
    ["siblings in another order", /(<h1>.*<\/h1>)(\s*)(<p[^]*?<\/p>)/, "$3$2$1"],
    ["an element that code knows, elsewhere", /(<button @click="add".*)\n([^]*)(<em>)/, "$2<div>$1</div>$3"],
    ["a child component elsewhere", /(<Counter.*)\n([^]*)(<em>)/, "$2<div>$1</div>$3"],
    ["a condition in another order with others", /<section>/, "<section>So: "],
  ];
  test.each(edits)("%s", (_what, from, to) => {
    const change = edited(from, to);
    expect(change).toMatchObject({ kind: "patch", patch: { id: ID, template: { before: { tag: "div" } } } });
    expect(change.kind === "patch" && change.patch.styles).toBeUndefined();
  });
});

describe("an edit has to be built", () => {
  const edits: readonly (readonly [...edit: Edit, reason: string])[] = [
    ["code", "fn add()", "fn sub()", "the code has changed"],
    ["an attribute of the code", 'lang="rust"', 'lang="go"', "the attributes of its <code> have changed"],
    ["a companion", "<style>", '<style src="./counter.css">', "the attributes of its <style> have changed"],
    ["whom a style sheet is for", ' scoped="false"', "", "the attributes of its <style> have changed"],
    [
      "another language of styles",
      "<style>",
      '<style lang="scss">',
      "the attributes of its <style> have changed",
    ],
    [
      "a style sheet that comes",
      "<code",
      "<style></style><code",
      "its sections are others, or in another order",
    ],
    ["a style sheet that goes", /<style>[^]*?<\/style>/, "", "its sections are others, or in another order"],
    [
      "sections in another order",
      /(<style>[^]*?<\/style>)\s*([^]*)/,
      "$2$1",
      "its sections are others, or in another order",
    ],
    [
      "style sheets in another order",
      /(<style>[^]*?<\/style>)\s*(<style[^]*?<\/style>)/,
      "$2$1",
      "the attributes of its <style> have changed",
    ],
    ["text outside of sections", "<code", "so <code", "the text outside of its sections has changed"],
    [
      "a section of another kind",
      "<code",
      "<docs></docs><code",
      "its sections are others, or in another order",
    ],
    ["a new hole", "Hello", "{{ hello }}", "`{{ hello }}` is new in the template, or in another place"],
    [
      "a hole that comes twice",
      "Hello",
      "{{ count }}",
      "`{{ count }}` is new in the template, or in another place",
    ],
    [
      "another expression",
      "{{ count }}",
      "{{ count + 1 }}",
      "`{{ count + 1 }}` and `{{ max }}` is new in the template, or in another place",
    ],
    [
      "holes of one text in two",
      "{{ count }} of {{ max }}",
      "{{ count }} <b>{{ max }}</b>",
      "`{{ max }}` is new in the template, or in another place",
    ],
    [
      "a hole that leaves its loop",
      /<ul>.*<\/ul>/,
      '<ul><li v-for="item in items"></li></ul><b>{{ item }}</b>',
      "`{{ item }}` is new in the template, or in another place",
    ],
    [
      "a hole that comes into a loop",
      /(<p class="a"[^]*?<\/p>)([^]*)(<i>)/,
      "$2$1$3",
      '`<p :class="kind">` is new in the template, or in another place',
    ],
    [
      "another loop",
      "item in items",
      "item in all",
      '`<li v-for="item in all">` is new in the template, or in another place',
    ],
    [
      "another condition",
      'v-if="open"',
      'v-if="shut"',
      '`<p v-if="shut">` is new in the template, or in another place',
    ],
    [
      "a condition that goes",
      ' v-if="open">Open</p><p v-else>Closed',
      ">Open",
      '`<p v-if="open">` is not in the template any more',
    ],
    [
      "a condition elsewhere",
      /<section>(.*)<\/section>/,
      "<section><div>$1</div></section>",
      '`<p v-if="open">` is in another element',
    ],
    [
      "a loop elsewhere",
      /<ul>(.*)<\/ul>/,
      "<ol>$1</ol>",
      '`<li v-for="item in items">` is in another element',
    ],
    [
      "another listener",
      'click="add"',
      'click="more"',
      '`<button @click="more">` is new in the template, or in another place',
    ],
    ["a listener that goes", ' @click="add"', "", '`<button @click="add">` is not in the template any more'],
    [
      "listeners that are exchanged",
      /click="(add)"([^]*)click="(sub)"/,
      'click="$3"$2click="$1"',
      '`<button @click="sub">` is new in the template, or in another place',
    ],
    [
      "what code finds an element by",
      'ref="sub"',
      'ref="other"',
      '`<button @click="sub" ref="other">` is new in the template, or in another place',
    ],
    [
      "code as an attribute",
      "<h1>",
      '<h1 onclick="run()">',
      '`<h1 onclick="run()">` is new in the template, or in another place',
    ],
    [
      "an attribute beside the same one of code",
      'class="a"',
      'class="b"',
      'code makes `class` of `<p :class="kind">` with what the template says, which has changed',
    ],
    [
      "what is said to a child component",
      'start="1"',
      'start="2"',
      '`<Counter start="2">` is new in the template, or in another place',
    ],
    [
      "what is in a child component",
      "inside",
      "outside",
      '`<Counter start="1">` has changed, or what is in it',
    ],
    [
      "another child component",
      /Counter/g,
      "Clock",
      '`<Clock start="1">` is new in the template, or in another place',
    ],
    [
      "a child component that goes",
      /<Counter.*/,
      "",
      '`<Counter start="1">` is not in the template any more',
    ],
    ["what is in a slot", "nothing", "something", "`<slot>` has changed, or what is in it"],
    ["a slot elsewhere", /<slot.*/, "<div>$&</div>", "`<slot>` is in another element"],
    ["a script", "run()", "stop()", "`<script>` has changed, or what is in it"],
    [
      "a script that comes",
      "<em>",
      "<script>go()</script><em>",
      "`<script>` is new in the template, or in another place",
    ],
    ["a script that goes", /<script.*/, "", "`<script>` is not in the template any more"],
    ["the root element", /div/g, "main", "the root element of the template has changed"],
    [
      "a second root element",
      "<template>",
      "<template><hr>",
      "the template has not exactly one element as its root",
    ],
    [
      "text beside the root element",
      "<template>",
      "<template>so",
      "the template has not exactly one element as its root",
    ],
    [
      "a root on a condition",
      '<div class="card"',
      '<div v-if="a"',
      "the template has not exactly one element as its root",
    ],
  ];
  test.each(edits)("%s", (_what, from, to, reason) => {
    expect(edited(from, to)).toEqual({ kind: "build", reason });
  });
});

test("a patch of styles is all of them, each for whom it is meant", () => {
  expect(edited("color: red", "color: blue")).toEqual({
    kind: "patch",
    patch: {
      id: ID,
      styles: [
        expect.stringMatching(
          /^@scope \(\[data-orbit-c="components\/counter"\]\).*\.card \{ color: blue \}/s,
        ),
        "\nbody { margin: 0 }\n",
      ],
    },
  });
});

test("styles in another language are nothing to an edit of the template, and all others wait with them for a build", () => {
  const built = `<template><p>a</p></template><style lang="scss">.a { .b { c: d } }</style><style>.c {}</style>`;
  const compare = (from: string, to: string): unknown =>
    compareComponents(built, built.replace(from, to), ID);
  expect(compare("<p>a", "<p>b")).toMatchObject({ kind: "patch" });
  expect(compare(".a", ".b")).toEqual({
    kind: "build",
    reason: "its <style> has changed, which only a build can read",
  });
  expect(compare(".c", ".d")).toEqual({ kind: "build", reason: "a part of its styles has to be compiled" });
  expect(wholePatch(built, ID)).toEqual({ id: ID, template: expect.anything() });
});

test("an element whose attributes may all be of code, or of an unknown directive, is left to a build", () => {
  expect(reasonOf(`v-bind="all"`)).toContain('any attribute of `<b v-bind="all">` may be one of code');
  expect(reasonOf(`:[name]="a"`)).toContain("may be one of code");
  expect(reasonOf(`v-focus`)).toBe("`<b v-focus>` has changed, or what is in it");
  expect(reasonOf(`v-focus`, "<b>c", "<b>d")).toBe("`<b v-focus>` has changed, or what is in it");
  expect(reasonOf(`v-show="a"`)).toBe("patch");
  expect(reasonOf(`v-show="a"`, "<b>", '<b style="color: red">')).toContain("code makes `style`");
  expect(reasonOf(`v-model="a"`, "<b>", '<b value="1">')).toContain("code makes `value`");
});

test("a text that is half-typed is broken, with its place", () => {
  expect(edited("</h1>", "</h")).toEqual({
    kind: "broken",
    problem: {
      kind: "problem",
      message: "Expected `>` to end the tag `</h`, got space.",
      line: 3,
      column: 17,
    },
  });
});

test("what has been built of a text that cannot be read here is built again whenever the text is another one", () => {
  const built = "<template><p></template>";
  expect(compareComponents(built, built, ID)).toEqual({ kind: "same" });
  for (const now of [`${built} `, BUILT, ""])
    expect(compareComponents(built, now, ID)).toMatchObject({ kind: "build" });
});

test("a whole patch leads back to what was built", () => {
  const whole = wholePatch(BUILT, ID);
  const change = edited("Hello", "Good bye");
  expect(whole.styles).toHaveLength(2);
  expect(change.kind === "patch" && change.patch.template?.before).toEqual(whole.template?.before);
  expect(JSON.stringify(whole.template?.after).replaceAll(/,"from":\d+/g, "")).toBe(
    JSON.stringify(whole.template?.before),
  );
  expect(wholePatch("<template>", ID)).toEqual({ id: ID });
});

test("a component of two hundred lines is compared like a short one", () => {
  const lines = Array.from(
    { length: 200 },
    (_, n) => `<li v-if="a${n}" class="b"><b>${n}</b> {{ c${n} }}</li>`,
  );
  const built = `<template>\n<ul>\n${lines.join("\n")}\n</ul>\n</template>\n<style>\n${".a { b: c }\n".repeat(200)}</style>`;
  const now = built.replace("<b>100</b>", "<b>one hundred</b>").replace(".a { b: c }", ".a { b: d }");
  expect(compareComponents(built, now, ID)).toMatchObject({ kind: "patch" });
});

function edited(from: string | RegExp, to: string): ComponentChange {
  const now = BUILT.replace(from, to);
  if (from !== "" && now === BUILT) throw new Error(`${String(from)} is not there`);
  return compareComponents(BUILT, now, ID);
}

function reasonOf(attribute: string, from = "<b>", to = '<b title="a">'): unknown {
  const built = `<template><p><b ${attribute}>c</b></p></template>`;
  const change = compareComponents(
    built,
    built.replace(from.replace(">", ` ${attribute}>`), to.replace(">", ` ${attribute}>`)),
    ID,
  );
  return change.kind === "build" ? change.reason : change.kind;
}
