import { expect, test } from "vitest";
import { connected, hasValue, htmlOf, openSite, reloaded } from "./reloading.ts";

const FORM = `
  <form id="order">
    <input name="text" value="given"><input name="number" type="number"><input name="range" type="range">
    <input name="check" type="checkbox"><input name="given" type="checkbox" checked>
    <input name="size" type="radio" value="s" checked><input name="size" type="radio" value="m">
    <select name="one"><option>a<option>b<option>c</select>
    <select name="many" multiple><option>a<option>b<option>c</select>
    <textarea name="note"></textarea><input name="untouched" value="first">
  </form>
  <details id="shut"><summary>more</summary>text</details>
  <details id="wide" open><summary>less</summary>text</details>
  <div id="inner" style="height:50px;overflow:auto"><div style="height:900px">inner</div></div>
  <div style="height:4000px">long</div>`;

test("a saved page is loaded again, and whoever uses it goes on where they were", async () => {
  const { project, tab } = await openSite({ "index.html": htmlOf(FORM) });
  await tab.fill("[name=text]", "typed");
  await tab.fill("[name=number]", "7");
  await tab.fill("[name=range]", "80");
  await tab.check("[name=check]");
  await tab.uncheck("[name=given]");
  await tab.check("[value=m]");
  await tab.selectOption("[name=one]", "b");
  await tab.selectOption("[name=many]", ["a", "c"]);
  await tab.click("#shut summary");
  await tab.click("#wide summary");
  await tab.fill("[name=note]", "some words");
  await tab.evaluate(() => {
    document.querySelector("#inner")?.scrollTo(0, 300);
    scrollTo(0, 1200);
    document.querySelector<HTMLTextAreaElement>("[name=note]")?.setSelectionRange(2, 6, "backward");
  });
  const edited = FORM.replace(`value="first"`, `value="second"`);
  await reloaded(tab, () => project.write("index.html", htmlOf(edited)));
  await tab.waitForFunction(() => scrollY === 1200);
  expect(
    await tab.evaluate(() => {
      const form = document.querySelector<HTMLFormElement>("#order");
      const note = document.querySelector<HTMLTextAreaElement>("[name=note]");
      return {
        form: [...new FormData(form ?? undefined)].map(([name, value]) => [name, value]),
        open: [...document.querySelectorAll("details")].map(({ open }) => open),
        inner: document.querySelector("#inner")?.scrollTop,
        focus: document.activeElement === note,
        caret: [note?.selectionStart, note?.selectionEnd, note?.selectionDirection],
      };
    }),
  ).toEqual({
    form: [
      ["text", "typed"],
      ["number", "7"],
      ["range", "80"],
      ["check", "on"],
      ["size", "m"],
      ["one", "b"],
      ["many", "a"],
      ["many", "c"],
      ["note", "some words"],
      // What nobody has touched is as the edit has it.
      ["untouched", "second"],
    ],
    open: [true, false],
    inner: 300,
    focus: true,
    caret: [2, 6, "backward"],
  });
  // It is stored for one reload.
  expect(await tab.evaluate(() => sessionStorage.length)).toBe(0);
});

test("a reload by hand restores nothing", async () => {
  const { tab } = await openSite({ "index.html": htmlOf(`<input autocomplete="off" id="a">`) });
  await tab.fill("#a", "typed");
  await tab.reload();
  await connected(tab);
  expect(await tab.inputValue("#a")).toBe("");
});

test("two reloads in a row lose nothing, not even what is not there yet after the first", async () => {
  const late = `<input id="now"><script>setTimeout(() => document.body.insertAdjacentHTML("beforeend", '<input id="late">'), DELAY)</script>`;
  const page = (delay: number): string => htmlOf(late.replace("DELAY", String(delay)));
  const { project, tab } = await openSite({ "index.html": page(0) });
  await tab.fill("#now", "one");
  await tab.fill("#late", "two");
  // It never comes in this one.
  await reloaded(tab, () => project.write("index.html", page(60_000)));
  await hasValue(tab, "#now", "one");
  await reloaded(tab, () => project.write("index.html", page(20)));
  await hasValue(tab, "#now", "one");
  await hasValue(tab, "#late", "two");
  expect(await tab.inputValue("#now")).toBe("one");
});

test("code of the page hears of what is put back, also a framework that watches the property", async () => {
  const script = `<input id="a"><input id="b" type="checkbox"><script type="module">
    window.heard = [];
    for (const field of document.querySelectorAll("input"))
      for (const name of ["input", "change", "click"]) field.addEventListener(name, () => window.heard.push(field.id + " " + name));
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "checked");
    const own = document.querySelector("#b");
    Object.defineProperty(own, "checked", { configurable: true, get() { return get.call(this); }, set(value) { set.call(this, value); } });
  </script>`;
  const { project, tab } = await openSite({ "index.html": htmlOf(script) });
  await tab.fill("#a", "typed");
  await tab.check("#b");
  await reloaded(tab, () => project.write("index.html", htmlOf(`${script}<p>`)));
  await tab.waitForFunction(() => (Reflect.get(window, "heard") as string[]).length >= 5);
  expect(await tab.evaluate(() => Reflect.get(window, "heard") as string[])).toEqual([
    "a input",
    "a change",
    "b click",
    "b input",
    "b change",
  ]);
});

const lateFields = (delay: number): string =>
  htmlOf(`<input id="a"><input id="b"><script>
      setTimeout(() => { const field = document.createElement("input"); field.id = "late"; document.body.append(field); }, ${delay});
      document.querySelector("#b").addEventListener("input", (event) => { event.target.value = event.target.value.toUpperCase(); });
    </script>`);

test("a field that somebody writes into meanwhile is left alone, and what a page takes back it keeps", async () => {
  const { project, tab } = await openSite({ "index.html": lateFields(0) });
  await tab.fill("#a", "old");
  await tab.fill("#b", "shout");
  await tab.fill("#late", "late");
  await reloaded(tab, () => project.write("index.html", lateFields(400)));
  await hasValue(tab, "#a", "old");
  await tab.fill("#a", "new");
  await hasValue(tab, "#late", "late");
  expect(await tab.inputValue("#a")).toBe("new");
  expect(await tab.inputValue("#b")).toBe("SHOUT");
});

test("where the structure of a form has changed, what can be told apart is kept, and nothing gets into another field", async () => {
  const fields = `<input name="first"><input name="last"><input placeholder="a"><div><input class="x"><input class="x"></div>`;
  const { project, tab } = await openSite({ "index.html": htmlOf(`<form>${fields}</form>`) });
  await tab.fill("[name=first]", "Ada");
  await tab.fill("[name=last]", "Lovelace");
  await tab.fill("[placeholder=a]", "placed");
  await tab.fill(".x >> nth=0", "one of two");
  const edited = `<main><form><p><input name="last"></p><input class="x"><input name="middle"><input class="x"><input name="first"><input class="x"><input placeholder="a"></form></main>`;
  await reloaded(tab, () => project.write("index.html", htmlOf(edited)));
  await hasValue(tab, "[name=first]", "Ada");
  expect(await tab.evaluate(() => [...document.querySelectorAll("input")].map(({ value }) => value))).toEqual(
    ["Lovelace", "", "", "", "Ada", "", "placed"],
  );
});

const lateElement = (delay: number): string =>
  htmlOf(`<x-card></x-card><script>setTimeout(() => customElements.define("x-card", class extends HTMLElement {
      constructor() {
        super();
        this.attachShadow({ mode: "open" }).innerHTML = '<x-part></x-part><input id="in"><details><summary>s</summary>d</details><div id="box" style="height:40px;overflow:auto"><p style="height:500px">';
      }
    }), ${delay}); customElements.define("x-part", class extends HTMLElement {
      constructor() { super(); this.attachShadow({ mode: "open" }).innerHTML = '<textarea></textarea>'; }
    });</script>`);

test("what is in open shadow roots of custom elements is kept, with the focus, also where they are defined late", async () => {
  const { project, tab } = await openSite({ "index.html": lateElement(0) });
  await tab.fill("x-card textarea", "deep");
  await tab.click("x-card summary");
  await tab.evaluate(() =>
    document.querySelector("x-card")?.shadowRoot?.querySelector("#box")?.scrollTo(0, 77),
  );
  await tab.fill("x-card #in", "shadow");
  await reloaded(tab, () => project.write("index.html", lateElement(200)));
  await tab.waitForFunction(() => {
    const root = document.querySelector("x-card")?.shadowRoot;
    return (
      root?.querySelector("input")?.value === "shadow" &&
      root.activeElement?.id === "in" &&
      root.querySelector("x-part")?.shadowRoot?.querySelector("textarea")?.value === "deep" &&
      root.querySelector("details")?.open === true &&
      root.querySelector("#box")?.scrollTop === 77
    );
  });
  expect(await tab.inputValue("x-card #in")).toBe("shadow");
});

test("what is written in an editable part of the page is kept with the caret, and nothing that runs", async () => {
  const body = `<div id="pad" contenteditable><p>old</p></div><div id="other" contenteditable>given</div>`;
  const { project, tab } = await openSite({ "index.html": htmlOf(body) });
  await tab.click("#pad p");
  await tab.evaluate(() => {
    const pad = document.querySelector("#pad");
    pad?.replaceChildren();
    pad?.insertAdjacentHTML(
      "beforeend",
      `<p>Some <b onclick="window.ran = 1">bold</b> words<img src="x:" onerror="window.ran = 1"><a href="javascript:window.ran = 1">l</a><iframe srcdoc="<script>parent.ran = 1</script>"></iframe></p>`,
    );
    Reflect.deleteProperty(window, "ran");
    const bold = pad?.querySelector("b")?.firstChild ?? null;
    getSelection()?.setBaseAndExtent(bold as Node, 1, bold as Node, 3);
  });
  await tab.keyboard.type("u");
  await reloaded(tab, () => project.write("index.html", htmlOf(body.replace("given", "edited"))));
  await tab.waitForFunction(() => document.querySelector("#pad")?.textContent === "Some bud wordsl");
  expect(await tab.evaluate(() => document.querySelector("#pad")?.innerHTML)).toBe(
    `<p>Some <b>bud</b> words<img src="x:"><a>l</a></p>`,
  );
  expect(await tab.evaluate(() => Reflect.has(window, "ran"))).toBe(false);
  expect(await tab.textContent("#other")).toBe("edited");
  await tab.keyboard.type("!");
  expect(await tab.textContent("#pad b")).toBe("bu!d");
});
