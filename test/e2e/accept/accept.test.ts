import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { PageChannel } from "../../../src/browser/page-channel.ts";
import type { ModuleUpdate, ModuleUpdates } from "../../../src/protocol/module-updates.ts";
import { processSlot } from "../../../src/protocol/process-slot.ts";
import { hasValue, htmlOf, openSite, reloaded } from "../reload/reloading.ts";
import type { OpenedPage } from "../reload/reloading.ts";

interface SeenByModules {
  readonly told: readonly unknown[];
  readonly outcomes: readonly { readonly result: string; readonly reason?: string }[];
}

/** What people write in a script of their page, at once. `told` is what they have been told. */
const page = (script: string): string =>
  htmlOf(
    `<input id="a" autocomplete="off">`,
    `<script>
      window.told = []; window.outcomes = [];
      window[Symbol.for("orbit-hmr:page@1")].outcomes.listen((outcome) => window.outcomes.push(outcome));
      ${script}
    </script>`,
  );

interface Site extends OpenedPage {
  send(updates: readonly ModuleUpdate[], changed?: readonly string[], dependents?: readonly string[]): void;
  /** What the page has been told by the time that the next message has an outcome. */
  outcome(): Promise<SeenByModules>;
}

async function open(script: string): Promise<Site> {
  const site = await openSite({ "index.html": page(script) });
  const channels = processSlot("pages@1", () => new Map<string, PageChannel>());
  const channel = channels.get(site.served.session.root);
  await site.tab.fill("#a", "typed");
  return {
    ...site,
    send: (updates, changed = updates.map(({ id }) => id), dependents = []) => {
      const message: ModuleUpdates = { modules: { changed, dependents }, updates };
      channel?.send("orbit:hmr", message);
    },
    outcome: async () => {
      await site.tab.waitForFunction(() => (Reflect.get(window, "outcomes") as unknown[]).length > 0);
      return site.tab.evaluate(() => ({
        told: Reflect.get(window, "told") as unknown[],
        outcomes: Reflect.get(window, "outcomes") as SeenByModules["outcomes"],
      }));
    },
  };
}

const kind = "module";
const style: ModuleUpdate = { id: "card", kind: "style", css: "b { color: red }" };
const code: ModuleUpdate = { id: "card", kind, url: "/card.wasm", parents: ["list", "app"] };

test("a handler gets the names of modules, what changed first, then what depends on it, and both apart", async () => {
  const site = await open(`window.__ORBIT_REGISTER_HMR_HANDLER((...given) => { window.told.push(given); });`);
  site.send([], ["b", "a"], ["list", "a", "app"]);
  expect(await site.outcome()).toMatchObject({
    told: [[["b", "a", "list", "app"], { changed: ["b", "a"], dependents: ["list", "app"] }]],
    outcomes: [{ result: "applied" }],
  });
  expect(await site.tab.inputValue("#a")).toBe("typed");
});

test("who takes a module by name is asked first, with what belongs to each kind of update, and nobody else then", async () => {
  const site = await open(`
    orbit.data("card").count = 3;
    orbit.accept("card", {
      style: (css, update) => window.told.push(css, update.id),
      template: ({ html }) => window.told.push(html),
      module: async ({ url }) => { await null; window.told.push(url, orbit.data("card").count); },
      dispose: (data) => { window.told.push("dispose"); data.count++; },
    });
    window.__ORBIT_REGISTER_HMR_HANDLER(() => window.told.push("all"));
  `);
  site.send([style, { id: "card", kind: "template", html: "<b></b>" }, code]);
  expect(await site.outcome()).toMatchObject({
    told: [style.css, "card", "<b></b>", "dispose", "/card.wasm", 4],
    outcomes: [{ result: "applied" }],
  });
});

test("what a module cannot take its parents are asked for, nearest first, and then whoever takes everything", async () => {
  const site = await open(`
    const tell = (id, answer) => ({ id: from, from: below }) => { window.told.push([from, below]); return answer; };
    orbit.accept("card", { module: () => false });
    orbit.accept("list", { module: tell("list", false) });
    orbit.accept("app", { module: tell("app", 0) });
    orbit.accept("other", { style: () => 1 });
    window.__ORBIT_REGISTER_HMR_HANDLER((modules) => window.told.push(modules));
  `);
  site.send([code, { ...code, id: "other", parents: ["nobody"] }], ["card", "other", "third"], ["app"]);
  expect(await site.outcome()).toMatchObject({
    told: [
      ["list", "card"],
      ["app", "card"],
      ["other", "third", "app"],
    ],
    outcomes: [{ result: "applied" }],
  });
});

test.each([
  ["nobody takes it", "", "card changed, and nobody takes it."],
  ["it is refused", `window.__ORBIT_REGISTER_HMR_HANDLER(() => false);`, "has refused it."],
  [
    "one of several refuses",
    `window.__ORBIT_REGISTER_HMR_HANDLER(() => {}); window.__ORBIT_REGISTER_HMR_HANDLER(async () => false);`,
    "has refused it.",
  ],
  [
    "who takes it throws",
    `orbit.accept("card", { module: () => { throw new Error("mine"); } });`,
    "Whoever takes card has thrown: mine",
  ],
  [
    "who takes it rejects",
    `orbit.accept("card", { module: async () => { throw new Error("mine"); } });`,
    "Whoever takes card has thrown: mine",
  ],
  [
    "who takes it is silent for 5 s",
    `orbit.accept("card", { module: () => new Promise(() => {}) });`,
    "has said nothing for 5 s.",
  ],
  [
    "its state has another shape",
    `orbit.accept("card", { schema: 1, module: () => {} });`,
    "The state of card has another shape",
  ],
  ["it has no such part", `orbit.accept("card", { style: () => {} });`, "card takes no module."],
  [
    "it says so itself",
    `orbit.accept("card", { module: () => orbit.invalidate("card") });`,
    "card cannot take the update.",
  ],
])("where %s, the page is loaded again and says why", async (_how, script, reason) => {
  const keeping = `${script}
    window[Symbol.for("orbit-hmr:page@1")].outcomes.listen((outcome) => sessionStorage.setItem("outcome", JSON.stringify(outcome)));`;
  const site = await open(keeping);
  await reloaded(site.tab, () => site.send([{ ...code, schema: 2 }]));
  await hasValue(site.tab, "#a", "typed");
  const outcome = await site.tab.evaluate(
    () => JSON.parse(sessionStorage.getItem("outcome") ?? "{}") as object,
  );
  expect(outcome).toMatchObject({ result: "reloaded", reason: expect.stringContaining(reason) });
});

test("updates are applied one after another, in the order in which they were sent", async () => {
  const site = await open(`
    let wait = 40;
    orbit.accept("card", { style: async (css) => {
      window.told.push("begin " + css);
      await new Promise((done) => setTimeout(done, wait -= 20));
      window.told.push("end " + css);
    } });
  `);
  site.send([{ ...style, css: "1" }]);
  site.send([{ ...style, css: "2" }]);
  await site.tab.waitForFunction(() => (Reflect.get(window, "outcomes") as unknown[]).length === 2);
  const { told, outcomes } = await site.outcome();
  expect(told).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  expect(outcomes.map(({ result }) => result)).toEqual(["applied", "applied"]);
});

test("several may take one module, what has ended is not asked, and new code that accepts takes the place of the old", async () => {
  const site = await open(`
    const tell = (name) => () => { window.told.push(name); };
    orbit.accept("card", { style: tell("one") });
    orbit.accept("card", { style: tell("ended") })();
    window.__ORBIT_REGISTER_HMR_HANDLER(tell("ended"))();
    orbit.accept("card", { style: tell("old"), module: () => { orbit.accept("card", { style: tell("new") }); } });
    orbit.accept("part", { style: tell("part") });
  `);
  site.send([style]);
  expect((await site.outcome()).told).toEqual(["one", "old"]);
  await site.tab.evaluate(() => {
    Reflect.set(window, "told", []);
    Reflect.set(window, "outcomes", []);
    window.orbit.accept("one", {});
  });
  const html = `orbit.accept("x", { module: () => orbit.accept("x", { style: () => window.told.push("x new") }), style: () => window.told.push("x old") });`;
  await site.tab.evaluate(
    (text) => Reflect.apply(Reflect.construct(Function, [text]) as () => void, window, []),
    html,
  );
  site.send([
    { id: "x", kind: "module" },
    { id: "x", kind: "style", css: "" },
  ]);
  expect((await site.outcome()).told).toEqual(["x new"]);
});

test("a module that says later that it cannot go on is updated by whoever depends on it", async () => {
  const site = await open(`
    orbit.accept("card", { style: () => {} });
    orbit.accept("list", { module: ({ from }) => { window.told.push("list for " + from); } });
  `);
  site.send([{ ...style, parents: ["list"] }]);
  await site.outcome();
  await site.tab.evaluate(() => window.orbit.invalidate("card"));
  await site.tab.waitForFunction(() => (Reflect.get(window, "told") as unknown[]).length > 0);
  expect((await site.outcome()).told).toEqual(["list for card"]);
});

test("what a module keeps in its data is there after a reload, as far as JSON has it, and what is lost is said once", async () => {
  const site = await open(`window.before = JSON.stringify(orbit.data("card"));`);
  expect(await site.tab.evaluate(() => Reflect.get(window, "before") as string)).toBe("{}");
  const lines: string[] = [];
  site.tab.on("console", (line) => lines.push(line.text()));
  await site.tab.evaluate(() => {
    const data = window.orbit.data("card");
    const round: { self?: unknown } = {};
    round.self = round;
    Object.assign(data, {
      list: [1, { a: null }],
      text: "x",
      when: new Date(),
      map: new Map(),
      round,
      no: undefined,
    });
    window.orbit.data("__proto__");
  });
  await reloaded(site.tab, () => site.send([], ["unknown"]));
  const before = await site.tab.evaluate(() => JSON.parse(Reflect.get(window, "before") as string) as object);
  expect(before).toEqual({ list: [1, { a: null }], text: "x" });
  const lost = lines.flatMap((line) => /orbit\.data\("card"\)\.(\w+) is lost/.exec(line)?.[1] ?? []);
  expect(lost).toEqual(["when", "map", "round", "no"]);
});

async function problemOf(tab: Page, statement: string): Promise<string> {
  return tab.evaluate((text) => {
    try {
      Reflect.apply(Reflect.construct(Function, [text]) as () => void, window, []);
      return "";
    } catch (error) {
      return String(error);
    }
  }, statement);
}

test("a part that is none, or no function, is an error that says what to write", async () => {
  const { tab } = await open("");
  expect(await problemOf(tab, `orbit.accept("card", { styles() {} })`)).toBe(
    `TypeError: orbit.accept("card", …): "styles" is no part. Expected functions style, template, module, dispose and a number schema.`,
  );
  expect(await problemOf(tab, `orbit.accept("card", { style: 1 })`)).toMatch(/^TypeError: .*no function/);
  expect(await problemOf(tab, `orbit.accept("card", { schema: "1" })`)).toMatch(/^TypeError: .*no number/);
  expect(await problemOf(tab, `window.__ORBIT_REGISTER_HMR_HANDLER()`)).toMatch(/^TypeError: .*no function/);
});
