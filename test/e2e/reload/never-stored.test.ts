import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { hasValue, htmlOf, openSite, reloaded } from "./reloading.ts";

/** Whatever the page stores while it goes, for the page that follows to be asked. */
const RECORD = `<script>
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (name, text) {
    setItem.call(this, name, text);
    if (name !== "stored") setItem.call(this, "stored", text);
  };
</script>`;

async function storedOf(tab: Page): Promise<string> {
  return tab.evaluate(() => sessionStorage.getItem("stored") ?? "");
}

const SECRETS: Readonly<Record<string, string>> = {
  "a password": `<input type="password" name="a">`,
  "a field for cards": `<input autocomplete="billing cc-number" name="b">`,
  "a code that is good once": `<input autocomplete="one-time-code" name="c">`,
  "a new password that is shown": `<input autocomplete="new-password" name="d">`,
  "a name with a token": `<input name="csrfToken">`,
  "a name with a secret": `<textarea name="client_secret"></textarea>`,
  "a pin": `<input name="user-pin">`,
  "a placeholder that says so": `<input placeholder="CVC">`,
  "a label that says so": `<label>Your PIN <input name="e"></label>`,
  "a label for assistive technology that says so": `<input aria-label="Security code (CVV)">`,
  "a number of the social security": `<input id="ssn">`,
  "text that is shown as dots": `<input name="f" style="-webkit-text-security: disc">`,
  "a field that the page does not want to be kept": `<input name="g" data-orbit-no-keep>`,
  "a field in something that is not to be kept": `<div data-orbit-no-keep><p><input name="h"></p></div>`,
  "an editable part that is not to be kept": `<div data-orbit-no-keep><p contenteditable>x</p></div>`,
};

/** No secrets, although their names have such a word in them. */
const OTHERS = ["shipping", "className", "spinner", "lesson", "company", "tokyo"];

test("what is, or is called, a secret is never stored, and what only sounds like it is kept", async () => {
  const sections = Object.entries(SECRETS).map(
    ([what, field]) => `<section title="${what}">${field}</section>`,
  );
  const body = sections.join("") + OTHERS.map((name) => `<input name="${name}">`).join("");
  const { project, tab } = await openSite({ "index.html": htmlOf(body, RECORD) });
  for (const what of Object.keys(SECRETS))
    await tab.fill(`[title="${what}"] :is(input, textarea, [contenteditable])`, `hush, ${what}`);
  for (const name of OTHERS) await tab.fill(`[name=${name}]`, `kept ${name}`);
  await reloaded(tab, () => project.write("index.html", htmlOf(`${body}<p>`, RECORD)));
  for (const name of OTHERS) await hasValue(tab, `[name=${name}]`, `kept ${name}`);
  const stored = await storedOf(tab);
  expect(OTHERS.filter((name) => !stored.includes(`kept ${name}`))).toEqual([]);
  expect(Object.keys(SECRETS).filter((what) => stored.includes(`hush, ${what}`))).toEqual([]);
  expect(stored).not.toContain("hush");
});

test("files and hidden fields are never stored", async () => {
  const body = `<input id="kept"><input type="file"><input type="hidden" id="h" value="given">`;
  const { project, tab } = await openSite({ "index.html": htmlOf(body, RECORD) });
  await tab.fill("#kept", "kept");
  await tab.setInputFiles("[type=file]", {
    name: "hush.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("hush"),
  });
  await tab.evaluate(() => document.querySelector("#h")?.setAttribute("value", "hush"));
  await reloaded(tab, () => project.write("index.html", htmlOf(`${body}<p>`, RECORD)));
  await hasValue(tab, "#kept", "kept");
  expect(await storedOf(tab)).not.toContain("hush");
  expect(await tab.inputValue("#h")).toBe("given");
});

const field = `<input id="kept"><x-login></x-login><input type="password" id="mine" name="mine">`;
const login = `<script>customElements.define("x-login", class extends HTMLElement {
  constructor() { super(); this.attachShadow({ mode: "open" }).innerHTML = '<input type="password" id="own">'; }
});</script>`;

test.each<[string, (tab: Page) => Promise<void>]>([
  [
    "is shown",
    async (tab) => {
      await tab.fill("#mine", "hush");
      await tab.evaluate(() => document.querySelector("#mine")?.setAttribute("type", "text"));
    },
  ],
  [
    "is shown before anything is written",
    async (tab) => {
      await tab.evaluate(() => document.querySelector("#mine")?.setAttribute("type", "text"));
      await tab.fill("#mine", "hush");
    },
  ],
  [
    "is shown by another field in its place",
    async (tab) => {
      await tab.fill("#mine", "hush");
      await tab.evaluate(() => {
        const shown = document.createElement("input");
        shown.name = "mine";
        shown.value = "hush";
        document.querySelector("#mine")?.replaceWith(shown);
      });
    },
  ],
  [
    "is shown in a shadow root",
    async (tab) => {
      await tab.fill("x-login input", "hush");
      await tab.evaluate(() =>
        document.querySelector("x-login")?.shadowRoot?.querySelector("input")?.setAttribute("type", "text"),
      );
    },
  ],
  [
    "is shown in a shadow root before anything is written",
    async (tab) => {
      await tab.focus("x-login input");
      await tab.evaluate(() =>
        document.querySelector("x-login")?.shadowRoot?.querySelector("input")?.setAttribute("type", "text"),
      );
      await tab.fill("x-login input", "hush");
    },
  ],
])("a password that %s is never stored", async (_how, show) => {
  const body = field + login;
  const { project, tab } = await openSite({ "index.html": htmlOf(body, RECORD) });
  await tab.fill("#kept", "kept");
  await show(tab);
  await reloaded(tab, () => project.write("index.html", htmlOf(`${body}<p>`, RECORD)));
  await hasValue(tab, "#kept", "kept");
  expect(await storedOf(tab)).not.toContain("hush");
});

const unkept = (body: string): string =>
  htmlOf(`${body}<input id="a" autocomplete="off">`, `<meta name="orbit-hmr" content="no-keep">${RECORD}`);

test("nothing of a page that asks for it is stored", async () => {
  const { project, tab } = await openSite({ "index.html": unkept("") });
  await tab.fill("#a", "typed");
  await reloaded(tab, () => project.write("index.html", unkept("<p>")));
  expect(await storedOf(tab)).not.toMatch(/typed|snapshot/);
  expect(await tab.inputValue("#a")).toBe("");
});
