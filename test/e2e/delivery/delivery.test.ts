import { expect, test } from "vitest";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import type { Served } from "../../vite/support/serve.ts";
import { LASTING_PAGE, LastingPage, UNTOUCHED } from "../restarts/lasting-page.ts";

async function open(files: Readonly<Record<string, string>> = {}): Promise<{
  readonly project: Project;
  readonly served: Served;
  readonly page: LastingPage;
  /** End the connections of all pages, as a network does. */
  readonly cut: () => void;
}> {
  const project = createProject({ ...LASTING_PAGE, ...files });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } } });
  await served.get("/api/a");
  const page = await LastingPage.open(served.url, (file, text) => project.write(file, text));
  const cut = (): void => {
    for (const { socket } of served.server.ws.clients) socket.terminate();
  };
  return { project, served, page, cut };
}

test("a page that was cut off gets everything that it has missed", async () => {
  const { project, served, page, cut } = await open();
  const told = new Promise<void>((resolve) => {
    served.session.reports.observe(({ event }) => event === "reload" && resolve());
  });
  await page.tab.context().setOffline(true);
  cut();
  await page.untilHeard("disconnected");
  project.write("src/word.js", `export const word = "missed";`);
  project.write("pages/api/a.js", `export const GET = () => new Response("2");`);
  await told;
  await page.tab.context().setOffline(false);
  await page.untilShown("one missed");
  await page.untilHeard("route-updated/api/a");
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("what is saved while a page is loading its modules is not lost", async () => {
  const { project, page } = await open();
  const isTold = new Promise<void>((resolve) => {
    page.tab.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => String(payload).includes("/src/text.js") && resolve()),
    );
  });
  await page.tab.route("**/src/text.js", async (asked) => {
    const response = await asked.fetch();
    // The page has the old text on its way, and hears of the new one before anybody there accepts it.
    project.write("src/text.js", `export const text = "saved while it was loaded";`);
    await isTold;
    await asked.fulfill({ response });
  });
  await page.tab.reload();
  await page.untilShown("saved while it was loaded");
  expect(page.loads).toBe(1);
});

test("a page that comes back from the back/forward cache goes on", async () => {
  const { project, served, page } = await open({
    "other.html": "<!doctype html><title>Other</title><h1>Other</h1>",
  });
  await page.tab.evaluate(() =>
    addEventListener("pageshow", ({ persisted }) => document.body.setAttribute("class", `kept-${persisted}`)),
  );
  await page.tab.goto(`${served.url}/other.html`);
  await page.tab.locator("h1").waitFor();
  project.write("src/word.js", `export const word = "while nobody looked";`);
  // Nothing is loaded.
  await page.tab.goBack({ waitUntil: "commit" });
  await page.untilShown("one while nobody looked");
  expect(await page.tab.getAttribute("body", "class")).toBe("kept-true");
  expect(await page.tab.inputValue("#name")).toBe("typed");
});

test("a page that was saved in many ways while it was cut off at random shows what was saved last", async () => {
  const { project, page, cut } = await open();
  for (let edit = 0; edit < 40; edit++) {
    project.write("src/word.js", `export const word = "edit ${edit};";`);
    if (edit % 3 === 0) cut();
    // A frame: some edits are seen in between, and some are not.
    await page.tab.evaluate(async () => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  await page.untilShown("edit 39;");
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("a page that nobody sees comes back when it is shown, with everything that it has missed", async () => {
  const { project, served, page, cut } = await open();
  const setHidden = async (isHidden: boolean): Promise<void> =>
    page.tab.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, isHidden);
  const told = new Promise<void>((resolve) => {
    served.session.reports.observe(({ event }) => event === "reload" && resolve());
  });
  await setHidden(true);
  await expect.poll(async () => (await served.status()).tabs).toEqual([{ url: "/", isVisible: false }]);
  cut();
  await page.untilHeard("disconnected");
  project.write("src/word.js", `export const word = "while hidden";`);
  project.write("pages/api/a.js", `export const GET = () => new Response("2");`);
  await told;
  expect((await served.status()).tabs).toEqual([]);
  await setHidden(false);
  await page.untilShown("one while hidden");
  await page.untilHeard("route-updated/api/a");
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("a page that was hidden while its server restarted more than once goes on when it is shown", async () => {
  const { served, page } = await open();
  const setHidden = async (isHidden: boolean): Promise<void> =>
    page.tab.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, isHidden);
  await setHidden(true);
  for (let restart = 0; restart < 3; restart++) await served.server.restart();
  await setHidden(false);
  await page.untilConnected(2);
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});

test("a page that was hidden while browsers got another environment is loaded again, however long ago that was", async () => {
  const { project, served, page } = await open({
    ".env": "VITE_TITLE=shop",
    "src/text.js": `import { word } from "./word.js"; export const text = import.meta.env.VITE_TITLE + word;`,
  });
  await page.tab.evaluate(() =>
    Object.defineProperty(document, "hidden", { value: true, configurable: true }),
  );
  project.write(".env", "VITE_TITLE=store");
  for (let restart = 0; restart < 3; restart++) await served.server.restart();
  await page.tab.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: false, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.untilShown("store");
  expect(page.loads).toBe(1);
});

test("a connection that died without a word is found out when somebody looks", async () => {
  const { project, served, page } = await open();
  // As after sleep: the socket is open for the page, and leads nowhere.
  for (const { socket } of served.server.ws.clients) {
    Reflect.get(socket, "_socket").pause();
    socket.send = () => undefined;
  }
  project.write("src/word.js", `export const word = "after sleep";`);
  await page.tab.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.untilShown("one after sleep");
  expect(await page.afterAllIsTold()).toEqual(UNTOUCHED);
});
