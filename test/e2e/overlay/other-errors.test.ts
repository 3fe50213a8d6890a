import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ViteDevServer } from "vite";
import { expect, onTestFinished, test, vi } from "vitest";
import { statusText } from "../../../src/cli/status-text.ts";
import type { AskableRecord } from "../../../src/cli/running-server.ts";
import { FILES, open } from "./overlay-page.ts";

const BROKEN_MODULE = `export const label: string = ;`;
const TYPED = {
  "main.js": FILES["main.js"].replace("./label.js", "./label.ts"),
  "label.ts": `export const label = "Shop 1";`,
};

test("an error of a browser module is shown with its place, and goes with Vite's next update", async () => {
  const { project, tab } = await open(TYPED);
  project.write("label.ts", BROKEN_MODULE);
  const text = await tab.text("label.ts:1:");
  expect(text).toMatch(/1 {2}export const label: string = ;/);
  expect(text).not.toContain(project.root);
  project.write("label.ts", TYPED["label.ts"].replace("1", "2"));
  await tab.isGone();
  await tab.page.waitForFunction(() => document.title === "Shop 2");
  expect(tab.thrown).toEqual([]);
});

test.each([[true], [false]])(
  "an error of a browser module stays while something else is updated, with an overlay: %s",
  async (overlay) => {
    const other = `export const other = 1; import.meta.hot.accept((next) => (window.other = next.other));`;
    const main = `import "./other.js"; ${TYPED["main.js"]}`;
    const files = { ...TYPED, "main.js": main, "other.js": other, "style.css": "p {}" };
    const { project, tab } = await open(files, { config: { server: { hmr: { overlay } } } });
    const shown = async (): Promise<void> => {
      if (overlay) await tab.text("label.ts:1:");
      else await tab.pillSays("1");
    };
    // Vite loads a page again for the first update that comes after an error.
    project.write("other.js", other.replace("= 1", "= 2"));
    await tab.page.waitForFunction(() => Reflect.get(window, "other") === 2);
    project.write("label.ts", BROKEN_MODULE);
    await shown();
    for (const value of [3, 4]) {
      const told = tab.page.waitForFunction((wanted) => Reflect.get(window, "other") === wanted, value);
      project.write("other.js", other.replace("= 1", `= ${value}`));
      await told;
      await shown();
    }
    project.write("label.ts", TYPED["label.ts"].replace("1", "2"));
    await tab.isGone();
    await tab.page.waitForFunction(() => document.title === "Shop 2");
    expect(tab.thrown).toEqual([]);
  },
);

test("a page that is opened while a browser module is broken shows it, and is whole after the mending", async () => {
  const { project, tab } = await open({ ...TYPED, "label.ts": BROKEN_MODULE });
  await tab.text("label.ts:1:");
  project.write("label.ts", TYPED["label.ts"]);
  await tab.isGone();
  await expect.poll(async () => tab.page.title()).toBe("Shop 1");
});

test("an import of a browser module that leads nowhere is shown where it stands", async () => {
  const { project, tab } = await open(TYPED);
  project.write("label.ts", `import "./gone.ts";\nexport const label = "x";`);
  expect(await tab.text("label.ts:1:")).toContain("./gone.ts");
});

test("an overlay that somebody makes by hand is shown, goes when it is closed or taken away, and never throws", async () => {
  const { tab } = await open();
  const make = async (kind: string): Promise<void> =>
    tab.page.evaluate((which) => {
      const Overlay = customElements.get("vite-error-overlay");
      if (Overlay === undefined) throw new Error("There is no overlay.");
      const errors: Record<string, unknown> = {
        plain: { message: "Made by hand", id: "/src/a.ts?x", loc: { line: 3, column: 1 } },
        nothing: undefined,
        text: "only a text",
        hostile: {
          get message(): string {
            throw new Error("Not readable");
          },
        },
      };
      document.body.append(Reflect.construct<unknown[], HTMLElement>(Overlay, [errors[which]]));
    }, kind);
  await make("plain");
  expect(await tab.text("Made by hand")).toContain("/src/a.ts:3:1");
  for (const kind of ["nothing", "text", "hostile"]) await make(kind);
  await tab.text("4 / 4");
  await tab.page.evaluate(() => {
    const all = [...document.querySelectorAll("vite-error-overlay")] as (HTMLElement & { close(): void })[];
    for (const each of all.slice(1)) {
      each.close();
      each.close();
    }
    all[0]?.remove();
  });
  await tab.isGone();
  expect(tab.thrown).toEqual([]);
});

test("with overlay: false nothing opens by itself, and the pill counts what is broken", async () => {
  const config = { server: { hmr: { overlay: false } } };
  const { project, served, tab } = await open(TYPED, { plugin: { hmr: { debounceMs: 10 } }, config });
  await served.get("/api/price");
  project.write("lib/price.ts", `export const price: number = ;`);
  await tab.pillSays("1 error");
  project.write("label.ts", BROKEN_MODULE);
  await tab.pillSays("2 errors");
  expect(await tab.card.count()).toBe(0);
  expect(await tab.page.locator("vite-error-overlay").count()).toBe(0);
  project.write("label.ts", TYPED["label.ts"]);
  await tab.pillSays("1 error");
});

/** Answers every page with a policy; browsers hold scripts and styles without its nonce back, and text that becomes code. */
const strict = {
  name: "policy",
  configureServer({ middlewares }: ViteDevServer): void {
    middlewares.use((_request, response, next) => {
      response.setHeader(
        "content-security-policy",
        "script-src 'nonce-shop' 'strict-dynamic'; style-src 'nonce-shop'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      next();
    });
  },
};

test("under a strict policy with a nonce and Trusted Types all errors are shown, also Vite's, and nothing throws", async () => {
  const config = { plugins: [strict], html: { cspNonce: "shop" } };
  const html = FILES["index.html"].replace("<script>", `<script nonce="shop">`);
  const { project, served, tab } = await open({ ...TYPED, "index.html": html }, { config });
  await served.get("/api/price");
  project.write("label.ts", BROKEN_MODULE);
  await tab.text("label.ts:1:");
  project.write("label.ts", TYPED["label.ts"]);
  await tab.isGone();
  project.write("lib/price.ts", `export const price: number = ;`);
  await tab.text("lib/price.ts:1:");
  const height = await tab.card.evaluate((card) => getComputedStyle(card).borderTopWidth);
  expect(height).toBe("3px");
  expect(tab.thrown).toEqual([]);
});

test("errors that nobody catches in a page raise the pill, are in the status with the page's address, and end with the page", async () => {
  const { served, tab } = await open(
    {
      ...TYPED,
      "label.ts": `type Label = string;\n\nexport const label: Label = "Shop";\nexport function fail(): void {\n  throw new Error("No price");\n}\nwindow.fail = fail;`,
    },
    {},
    "/?cart=1",
  );
  await tab.page.waitForFunction(() => "fail" in window);
  await tab.page.evaluate(() => {
    setTimeout(Reflect.get(window, "fail") as () => void);
    void Promise.reject(new Error("No stock"));
  });
  await tab.pillSays("2 errors");
  expect(await tab.card.count()).toBe(0);
  await expect
    .poll(async () => (await served.status()).errors)
    .toMatchObject([
      { url: "/?cart=1", file: "label.ts", message: expect.stringContaining("No price") as string },
      { url: "/?cart=1", message: expect.stringContaining("No stock") as string },
    ]);
  const shown = statusText(await served.status(), { address: { url: served.url }, pid: 1 } as AskableRecord);
  expect(shown).toMatch(/^error {6}\/\?cart=1 label\.ts Uncaught Error: No price$/m);
  await tab.pill.getByRole("button").click();
  const text = await tab.text("label.ts:5:9");
  expect(text).toMatch(/5 {4}throw new Error\("No price"\);/);
  await tab.page.reload();
  await tab.isReached();
  await expect.poll(async () => (await served.status()).errors).toEqual([]);
  expect(await tab.page.locator("orbit-overlay .is-failed").count()).toBe(0);
});

test("a script that the server takes and the browser does not raises the pill", async () => {
  const { tab } = await open({ "label.js": `export const label = "a"; let a; let a;` });
  await tab.pillSays("1 error");
  await tab.pill.getByRole("button").click();
  expect(await tab.text("label.js")).toContain("already been declared");
});

test("a handler that throws raises the pill, and new code takes that away", async () => {
  const { project, served, tab } = await open();
  project.write("pages/api/price.ts", `export const GET = () => { throw new Error("No price"); };`);
  await served.fetch("/api/price");
  await tab.pillSays("1 error");
  expect(await tab.card.count()).toBe(0);
  project.write("pages/api/price.ts", FILES["pages/api/price.ts"]);
  await served.get("/api/price");
  await tab.pillSays("Updated");
});

test("a place opens in the editor, and what cannot be opened says why", async () => {
  const { project, served, tab } = await open();
  await served.get("/api/price");
  const opened = project.path("opened.txt");
  project.write("editor.sh", `#!/bin/sh\necho "$@" > ${opened}\n`);
  chmodSync(project.path("editor.sh"), 0o755);
  vi.stubEnv("LAUNCH_EDITOR", project.path("editor.sh"));
  onTestFinished(() => void vi.unstubAllEnvs());
  project.write("lib/price.ts", `export const price: number = ;`);
  await tab.text("lib/price.ts:1:");
  await tab.card.getByRole("button", { name: "Open in editor" }).last().click();
  await expect
    .poll(() => existsSync(opened) && readFileSync(opened, "utf8"))
    .toContain(project.path("lib/price.ts"));
  vi.stubEnv("LAUNCH_EDITOR", project.path("no-editor"));
  await tab.card.getByRole("button", { name: "Open in editor" }).last().click();
  expect(await tab.text("No editor could be started")).toContain("LAUNCH_EDITOR");
});

test.each([
  "../outside.ts",
  "/etc/hostname",
  "//host/share/x.ts",
  "\\\\host\\share\\x.ts",
  "lib",
  "lib/-x.ts",
  "lib/out.ts",
])("nothing but files of the project is opened: %s is refused", async (file) => {
  const { project, tab } = await open({ "lib/-x.ts": "" });
  project.link("/etc/hostname", "lib/out.ts");
  vi.stubEnv("LAUNCH_EDITOR", join(project.root, "none"));
  onTestFinished(() => void vi.unstubAllEnvs());
  const answer = await tab.page.evaluate(async (asked) => {
    const hub = Reflect.get(window, Symbol.for("orbit-hmr:page@1")) as {
      reached: Promise<{
        send(name: string, data: unknown): void;
        on(name: string, listener: (data: { problem?: string }) => void): void;
      }>;
    };
    const link = await hub.reached;
    return new Promise((resolve) => {
      link.on("orbit:editor", ({ problem }) => resolve(problem));
      link.send("orbit:open-in-editor", { file: asked });
    });
  }, file);
  expect(answer).toBe(`${file} is no file of the project.`);
});
