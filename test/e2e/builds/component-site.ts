import type { Page } from "playwright-core";
import { vi } from "vitest";
import { soon } from "../../cli/orbiton.ts";
import type { OverlayPage } from "../overlay/overlay-page.ts";
import { BuiltSite } from "./built-site.ts";

/** A component that counts, lists, and has been typed in. */
export const COUNTER = `<template>
  <section class="counter">
    <h2>Count</h2>
    <p class="shown">It is {{ count }} now.</p>
    <label>Note <input class="note"></label>
    <button class="inc" @click="count++">more</button>
    <ul>
      <li v-for="item in items">
        <b>{{ item }}</b> is here
      </li>
    </ul>
    <button class="add" @click="items.push('item ' + items.length)">add</button>
    <em v-if="count > 2">Many</em>
    <Badge :label="'b' + count"/>
  </section>
</template>

<style>
  .shown { color: rgb(1, 1, 1); border: 1px solid; }
</style>

<code lang="js">
  return { count: 0, items: ["item 0"] };
</code>
`;

export const BADGE = `<template>
  <span class="badge">Badge {{ label }}</span>
</template>

<style>
  .badge { color: rgb(9, 9, 9); }
</style>

<code lang="js">
  return {};
</code>
`;

/** Draws components by their templates as they were when they were compiled, as often as something happens. */
const RUNTIME = `
const known = new Map();
const define = (name, html, setup) => known.set(name, { html, setup });
const evaluate = (text, scopes) => {
  const names = scopes.map((_, index) => "s" + index);
  const open = names.map((name) => "with (" + name + ") ").join("");
  return new Function(...names, open + "return (" + text + ");")(...scopes);
};
function mount(name, before, props) {
  const { html, setup } = known.get(name);
  const state = Object.assign(setup(), props());
  const template = document.createElement("template");
  template.innerHTML = html;
  const root = template.content.firstElementChild;
  root.setAttribute("data-orbit-c", "components/" + name);
  const updates = [];
  const update = () => {
    Object.assign(state, props());
    for (const each of updates) each();
  };
  bind(root, [state], updates, update);
  before.before(root);
  update();
  return { root, update };
}
function bind(node, scopes, updates, update) {
  if (node.nodeType === 3) return bindText(node, scopes, updates);
  if (node.nodeType !== 1) return;
  const each = node.getAttribute("v-for");
  const when = node.getAttribute("v-if");
  if (each !== null || when !== null) return bindMany(node, { each, when }, scopes, updates, update);
  if (known.has(node.localName)) {
    const given = [...node.attributes];
    const anchor = document.createTextNode("");
    node.replaceWith(anchor);
    let child;
    const props = () =>
      Object.fromEntries(given.map(({ name, value }) =>
        name.startsWith(":") ? [name.slice(1), evaluate(value, scopes)] : [name, value]));
    return updates.push(() => (child === undefined ? (child = mount(node.localName, anchor, props)) : child.update()));
  }
  const attributes = [...node.attributes].filter(({ name }) => /^[:@]/.test(name));
  for (const { name, value } of attributes) {
    node.removeAttribute(name);
    if (name.startsWith("@")) node.addEventListener(name.slice(1), () => { evaluate(value, scopes); redraw(); });
    else updates.push(() => node.setAttribute(name.slice(1), evaluate(value, scopes)));
  }
  for (const child of [...node.childNodes]) bind(child, scopes, updates, update);
}
function bindText(node, scopes, updates) {
  const parts = node.data.split(/{{(.*?)}}/s);
  if (parts.length === 1) return;
  updates.push(() => {
    const text = parts.map((part, index) => (index % 2 === 0 ? part : evaluate(part, scopes))).join("");
    if (node.data !== text && node.drawn !== text) node.data = text;
    node.drawn = text;
  });
}
function bindMany(node, { each, when }, scopes, updates, update) {
  node.removeAttribute("v-for");
  node.removeAttribute("v-if");
  const anchor = document.createTextNode("");
  node.replaceWith(anchor);
  const drawn = [];
  const [, name, list] = /^(\\w+) in (.*)$/.exec(each ?? "none in 0") ?? [];
  updates.push(() => {
    const items = each === null ? (evaluate(when, scopes) ? [0] : []) : evaluate(list, scopes);
    while (drawn.length > items.length) drawn.pop().copy.remove();
    while (drawn.length < items.length) {
      const copy = node.cloneNode(true);
      const own = { updates: [], scope: { [name]: items[drawn.length] }, copy };
      anchor.before(copy);
      bind(copy, [...scopes, own.scope], own.updates, update);
      drawn.push(own);
    }
    drawn.forEach((own, index) => {
      own.scope[name] = items[index];
      for (const step of own.updates) step();
    });
  });
}
let redraw = () => {};
const start = (name) => {
  const app = mount(name, document.querySelector("#end"), () => ({}));
  redraw = app.update;
};
`;

/** Compiles components to a page that draws them. It takes as long as \`.slow\` says, and fails where code says \`broken\`. */
const BUILD = `
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
const folder = "src/components";
const texts = readdirSync(folder).filter((name) => name.endsWith(".orbit"))
  .map((name) => [name.slice(0, -6), readFileSync(folder + "/" + name, "utf8")]);
const slow = existsSync(".slow") ? Number(readFileSync(".slow", "utf8")) : 0;
const main = readFileSync("src/main.txt", "utf8").trim();
await new Promise((resolve) => setTimeout(resolve, slow));
const sectionsOf = (text, tag) => [...text.matchAll(new RegExp("^<" + tag + "[^>]*>([^]*?)^</" + tag + ">", "gm"))].map(([, inner]) => inner);
let styles = "";
let code = "";
for (const [name, text] of texts) {
  const [template] = sectionsOf(text, "template");
  const [setup] = sectionsOf(text, "code");
  if (template === undefined || setup.includes("broken")) {
    console.error("src/components/" + name + ".orbit:1:1: error: it does not compile");
    process.exitCode = 1;
    continue;
  }
  const id = "components/" + name;
  for (const css of sectionsOf(text, "style"))
    styles += '<style data-orbit-style="' + id + '">@scope ([data-orbit-c="' + id + '"]) to (:scope [data-orbit-c]) {' + css + "}</style>";
  const html = template.trim().replace(/<([A-Z]\\w*)([^>]*)\\/>/g, "<$1$2></$1>");
  code += "define(" + JSON.stringify(name) + ", " + JSON.stringify(html) + ", () => {" + setup + "});\\n";
}
if (main.includes("broken")) {
  console.error("src/main.txt:1:1: error: it does not compile");
  process.exitCode = 1;
}
if (process.exitCode !== 1) {
  mkdirSync("dist", { recursive: true });
  writeFileSync("dist/app.js", readFileSync("runtime.txt", "utf8") + code + 'start("counter");');
  writeFileSync("dist/index.html", "<!doctype html><html><head><title>Site</title>" + styles + "</head><body><h1>" + main +
    '</h1><input id=name><div id=end></div><script type="module" src="/app.js"></script></body></html>');
}
`;

const FILES: Readonly<Record<string, string>> = {
  "build.js": BUILD,
  "runtime.txt": RUNTIME,
  "src/main.txt": "Site",
  "src/components/counter.orbit": COUNTER,
  "src/components/badge.orbit": BADGE,
};

/** A site of components that a command compiles. */
export class ComponentSite {
  readonly site: BuiltSite;

  private constructor(site: BuiltSite) {
    this.site = site;
  }

  static async start(files: Readonly<Record<string, string>> = {}): Promise<ComponentSite> {
    return new ComponentSite(await BuiltSite.start({ ...FILES, ...files }));
  }

  /** Save a component with another text in the place of one. */
  edit(from: string, to: string, { name = "counter", text = COUNTER } = {}): string {
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`There is no ${from} in it.`);
    this.save(edited, name);
    return edited;
  }

  save(text: string, name = "counter"): void {
    this.site.project.write(`src/components/${name}.orbit`, text);
  }

  /** From now on a build takes so long. */
  slowDown(ms: number): void {
    // Nothing is built from a file with such a name.
    this.site.project.write(".slow", String(ms));
  }

  /** Resolves when so many builds have ended. */
  async ended(count: number): Promise<void> {
    await vi.waitUntil(() => this.site.builds.length >= count, soon);
  }

  /** A page that has counted to two, in which somebody is typing. */
  async open(): Promise<OverlayPage> {
    const tab = await this.site.open();
    const { page } = tab;
    await page.click(".inc");
    await page.click(".inc");
    await shows(page, ".shown", "It is 2 now.");
    await page.click(".note");
    await page.keyboard.type("typed");
    await tab.mark();
    return tab;
  }
}

/** Resolves when an element of the page says this. */
export async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForFunction(
    ([query, expected]) =>
      document.querySelector(query)?.textContent.replaceAll(/\s+/g, " ").trim() === expected,
    [selector, text] as const,
  );
}

/** Whether what is typed and where is as it was. */
export async function isTyping(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { activeElement: field } = document;
    return field instanceof HTMLInputElement && field.className === "note" && field.value === "typed";
  });
}
