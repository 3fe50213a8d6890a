import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import { openPage } from "../browser.ts";

const FILES = {
  "package.json": `{ "type": "module" }`,
  "main.js": `import { createApiHMRClient } from "orbit-hmr/client";
    const client = createApiHMRClient({ enableNotifications: true });
    client.on("route-updated", () => window.updates++);
    client.on("connected", () => (document.title = "connected"));`,
  "index.html": `<!doctype html><head><script>window.updates = 0;</script></head>
    <body><button>Press</button><script type="module" src="/main.js"></script></body>`,
  "pages/api/a.js": `export const GET = () => new Response("1");`,
};

interface Asked {
  /** How often the browser was asked for permission, and what was shown. */
  asked: number;
  shown: string[];
}

/** Stands for the browser's own, which would show things to somebody. */
function standIn(permission: NotificationPermission): void {
  const seen: Asked = { asked: 0, shown: [] };
  Reflect.set(window, "notices", seen);
  let isHidden = false;
  Object.defineProperty(document, "hidden", { get: () => isHidden });
  Reflect.set(window, "hide", (hides: boolean) => {
    isHidden = hides;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  class Notice {
    static permission = permission;
    static async requestPermission(): Promise<NotificationPermission> {
      seen.asked++;
      Notice.permission = "granted";
      return "granted";
    }
    constructor(_title: string, { body }: { readonly body: string }) {
      seen.shown.push(body);
    }
  }
  Reflect.set(window, "Notification", Notice);
}

async function open(permission: NotificationPermission): Promise<{
  readonly tab: Page;
  readonly seen: () => Promise<Asked>;
  readonly hide: (hides: boolean) => Promise<void>;
  /** Save the route, and wait until the page has heard of it. */
  readonly save: (text: string) => Promise<void>;
}> {
  const project: Project = createProject(FILES);
  const served = await serve(project, { plugin: { hmr: { debounceMs: 10 } } });
  await served.get("/api/a");
  const tab = await openPage("about:blank");
  await tab.addInitScript(standIn, permission);
  await tab.goto(served.url);
  await tab.waitForFunction(() => document.title === "connected");
  let updates = 0;
  return {
    tab,
    seen: async () => tab.evaluate(() => Reflect.get(window, "notices") as Asked),
    hide: async (hides) => {
      await tab.evaluate((now) => (Reflect.get(window, "hide") as (now: boolean) => void)(now), hides);
    },
    save: async (text) => {
      project.write("pages/api/a.js", `export const GET = () => new Response("${text}");`);
      updates++;
      await tab.waitForFunction((wanted) => Reflect.get(window, "updates") === wanted, updates);
    },
  };
}

test("the browser is asked for permission at the first click, and at nothing else", async () => {
  const { tab, seen, hide, save } = await open("default");
  await tab.keyboard.press("Tab");
  await tab.mouse.move(10, 10);
  await hide(true);
  await save("2");
  await hide(false);
  expect(await seen()).toEqual({ asked: 0, shown: [] });
  await tab.click("button");
  await tab.click("button");
  expect((await seen()).asked).toBe(1);
  await hide(true);
  await save("3");
  expect((await seen()).shown).toEqual([expect.stringContaining("/api/a has new code")]);
});

test("what happens is shown only while the page is not seen", async () => {
  const { tab, seen, hide, save } = await open("granted");
  await save("2");
  expect(await seen()).toEqual({ asked: 0, shown: [] });
  await hide(true);
  await save("3");
  expect((await seen()).shown).toHaveLength(1);
  await hide(false);
  await save("4");
  await tab.click("button");
  expect(await seen()).toMatchObject({ asked: 0, shown: { length: 1 } });
});

test("who has said no is neither asked nor shown anything", async () => {
  const { tab, seen, hide, save } = await open("denied");
  await tab.click("button");
  await hide(true);
  await save("2");
  expect(await seen()).toEqual({ asked: 0, shown: [] });
});
