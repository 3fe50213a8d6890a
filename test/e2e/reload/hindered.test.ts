import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Served } from "../../vite/support/serve.ts";
import { connected, hasValue, htmlOf, openSite, reloaded } from "./reloading.ts";

async function said(tab: Page, text: string): Promise<string> {
  const line = await tab.waitForEvent("console", (each) => each.text().includes(text));
  return line.text();
}

test("a page that has filled its storage is loaded again, and says that nothing is kept", async () => {
  const { project, tab } = await openSite({ "index.html": htmlOf(`<input id="a" autocomplete="off">`) });
  await tab.fill("#a", "typed");
  await tab.evaluate(() => {
    let text = "x".repeat(6_000_000);
    for (let index = 0; text !== "";) {
      try {
        sessionStorage.setItem(`full${index}`, text);
        index++;
      } catch {
        text = text.slice(0, text.length / 2);
      }
    }
  });
  const line = said(tab, "cannot be kept");
  await reloaded(tab, () => project.write("index.html", htmlOf(`<input id="a" autocomplete="off"><p>`)));
  expect(await line).toMatch(/^\[orbit\] What is in this page cannot be kept over the reload: .*quota/);
  expect(await tab.inputValue("#a")).toBe("");
});

test("a frame that may store nothing is loaded again, and says so", async () => {
  const files = {
    "index.html": htmlOf(`<input id="outer"><iframe sandbox="allow-scripts" src="/frame.html"></iframe>`),
    "frame.html": htmlOf(`<input id="a">`),
  };
  const { project, tab } = await openSite(files, { config: { server: { cors: { origin: "*" } } } });
  const frame = (): Page["mainFrame"] extends () => infer F ? F | undefined : never =>
    tab.frames().find((each) => each.url().endsWith("/frame.html"));
  await frame()?.waitForFunction(() => Reflect.get(window, "isConnected") === true);
  await tab.fill("#outer", "typed");
  const line = said(tab, "cannot be kept");
  project.write("frame.html", htmlOf(`<input id="a"><p id="edited">`));
  await frame()?.waitForSelector("#edited", { state: "attached" });
  expect(await line).toMatch(/cannot be kept over the reload/);
  expect(await tab.inputValue("#outer")).toBe("typed");
});

test("frames of one origin keep what is theirs, each", async () => {
  const frame = htmlOf(`<input id="a">`);
  const outer = htmlOf(
    `<input id="a"><iframe src="/frame.html"></iframe><iframe src="/frame.html?2"></iframe>`,
  );
  const files = { "index.html": outer, "frame.html": frame };
  const { served, tab } = await openSite(files);
  const fields = async (): Promise<readonly string[]> =>
    Promise.all(tab.frames().map(async (each) => each.inputValue("#a")));
  for (const each of tab.frames())
    await each.waitForFunction(() => Reflect.get(window, "isConnected") === true);
  for (const [index, each] of tab.frames().entries()) await each.fill("#a", `typed ${index}`);
  await reloaded(tab, () => served.server.ws.send({ type: "full-reload", path: "*" }));
  await expect.poll(fields).toEqual(["typed 0", "typed 1", "typed 2"]);
});

test("a word that is being composed is finished first", async () => {
  const body = `<input id="a"><script type="module">
    import.meta.hot.on("vite:beforeFullReload", () => (window.isTold = true));
  </script>`;
  const { project, tab } = await openSite({ "index.html": htmlOf(body) });
  await tab.focus("#a");
  const session = await tab.context().newCDPSession(tab);
  await session.send("Input.imeSetComposition", { text: "日", selectionStart: 1, selectionEnd: 1 });
  project.write("index.html", htmlOf(`${body}<p id="edited">`));
  await tab.waitForFunction(() => Reflect.get(window, "isTold") === true);
  await session.send("Input.imeSetComposition", { text: "日本", selectionStart: 2, selectionEnd: 2 });
  expect(await tab.evaluate(() => Reflect.get(window, "isTold"))).toBe(true);
  await session.send("Input.insertText", { text: "日本" });
  await tab.waitForSelector("#edited", { state: "attached" });
  await hasValue(tab, "#a", "日本");
});

/** Answers a form with a page, and says how often. */
const posting = (answered: () => void) => ({
  name: "posting",
  configureServer(server: Served["server"]): void {
    server.middlewares.use("/sent", (request, response, next) => {
      if (request.method !== "POST") return next();
      answered();
      const answer = async (): Promise<void> => {
        response.setHeader("content-type", "text/html");
        response.end(await server.transformIndexHtml("/sent", htmlOf(`<p id="sent">thank you</p>`)));
      };
      void answer();
    });
  },
});

test("a page that is the answer to a form is not loaded again, which would send the form again, and says so", async () => {
  let sent = 0;
  const files = {
    "index.html": htmlOf(`<form method="post" action="/sent"><button>send</button></form>`),
    "about.html": htmlOf("about"),
  };
  const { served, tab } = await openSite(files, { config: { plugins: [posting(() => sent++)] } });
  await tab.click("button");
  await tab.waitForSelector("#sent");
  await connected(tab);
  const line = said(tab, "send the form again");
  served.server.ws.send({ type: "full-reload", path: "*" });
  expect(await line).toContain("This page is the answer to a form");
  await tab.evaluate(() => Reflect.set(window, "isOld", true));
  served.server.ws.send({ type: "full-reload", path: "*" });
  await tab.goto(`${served.url}/about.html`);
  expect(sent).toBe(1);
});

test("a reload that somebody declines leaves nothing for the one that they ask for later", async () => {
  const body = `<input id="a" autocomplete="off"><script>addEventListener("beforeunload", (event) => window.isStubborn && event.preventDefault());</script>`;
  const { project, tab } = await openSite({ "index.html": htmlOf(body) });
  await tab.fill("#a", "typed");
  await tab.evaluate(() => Reflect.set(window, "isStubborn", true));
  const asked = tab.waitForEvent("dialog");
  project.write("index.html", htmlOf(`${body}<p>`));
  await (await asked).dismiss();
  expect(await tab.inputValue("#a")).toBe("typed");
  await tab.evaluate(() => {
    Reflect.set(window, "isStubborn", false);
    const stored = sessionStorage.getItem("orbit-hmr:reload") ?? "";
    // As if it had been a while ago.
    sessionStorage.setItem("orbit-hmr:reload", stored.replace(/"at":\d+/, `"at":${Date.now() - 20_000}`));
  });
  await tab.reload();
  await connected(tab);
  expect(await tab.inputValue("#a")).toBe("");
  expect(await tab.evaluate(() => sessionStorage.length)).toBe(0);
});

/** Answers every page with a policy; browsers hold scripts without its nonce back, and text that becomes code. */
const strict = {
  name: "policy",
  configureServer({ middlewares }: Served["server"]): void {
    middlewares.use((_request, response, next) => {
      response.setHeader(
        "content-security-policy",
        "script-src 'nonce-shop' 'strict-dynamic'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      next();
    });
  },
};

test("what is in a page is kept under a strict policy with a nonce and Trusted Types, too", async () => {
  const body = `<input id="a"><div id="pad" contenteditable><b>bold</b></div>`;
  const page = (text: string): string => htmlOf(body + text).replace("<script>", `<script nonce="shop">`);
  const config = { plugins: [strict], html: { cspNonce: "shop" } };
  const { project, tab } = await openSite({ "index.html": page("") }, { config });
  await tab.fill("#a", "typed");
  await tab.click("#pad b");
  await tab.keyboard.press("End");
  await tab.keyboard.type("er");
  await reloaded(tab, () => project.write("index.html", page("<p>")));
  await hasValue(tab, "#a", "typed");
  expect(await tab.locator("#pad b").innerHTML()).toBe("bolder");
});
