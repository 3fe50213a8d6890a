import { describe, expect, test } from "vitest";
import { nextReload } from "../support/next-reload.ts";
import { createProject } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const RATE = `export const rate = 2;`;

/** A module with a memo over an import; `above` stands above it, `top` at the top of the file. */
interface MemoText {
  readonly above?: string;
  readonly top?: string;
}

/** Ways to remember what was computed from an import, by a key of the request. */
const memos: Readonly<Record<string, (text: MemoText) => string>> = {
  "a Map": ({ above = "", top = "" }) => `${top}import { rate } from "../../lib/rate.ts";
    ${above}
    const memo = new Map<number, number>();
    const price = (n: number) => { if (!memo.has(n)) memo.set(n, rate * n); return memo.get(n); };
    export const GET = () => new Response(String(price(3)));`,
  "a Map that is asked first": ({ above = "", top = "" }) => `${top}import { rate } from "../../lib/rate.ts";
    ${above}
    const memo = new Map<number, number>();
    const compute = (n: number) => rate * n;
    const price = (n: number) => { const hit = memo.get(n); if (hit !== undefined) return hit; const made = compute(n); memo.set(n, made); return made; };
    export const GET = () => new Response(String(price(3)));`,
  "an object": ({ above = "", top = "" }) => `${top}import { rate } from "../../lib/rate.ts";
    ${above}
    const memo: Record<string, number> = {};
    const price = (n: string) => (memo[n] ??= rate * 3);
    export const GET = () => new Response(String(price("a")));`,
};

describe.for(Object.entries(memos))("a memo over an import in %s", ([, text]) => {
  test.for([{ watch: true }, { watch: false }])(
    "stays when the import is edited, and the line says so, watcher $watch",
    async ({ watch }) => {
      const project = createProject({ "lib/rate.ts": RATE, "pages/api/a.ts": text({}) });
      const served = await serve(project, { watch, plugin: { hmr: { debounceMs: 20 } } });
      expect(await served.get("/api/a")).toBe("6");
      project.write("lib/rate.ts", `export const rate = 5;`);
      expect(await served.get("/api/a")).toBe("6");
      expect(await nextReload(served)).toMatchObject({
        outdated: [{ name: "pages/api/a.ts:memo", why: expect.stringContaining("lib/rate.ts") }],
        summary: expect.stringMatching(/still old pages\/api\/a\.ts:memo .*@hot-reset/),
      });
    },
  );

  test("says nothing as long as it holds nothing", async () => {
    const project = createProject({
      "lib/rate.ts": RATE,
      "pages/api/a.ts": `${text({})}\nexport const POST = () => new Response("ok");`,
    });
    const served = await serve(project, { plugin: { hmr: { debounceMs: 20 } } });
    expect((await served.fetch("/api/a", { method: "POST" })).text).toBe("ok");
    project.write("lib/rate.ts", `export const rate = 5;`);
    expect(await nextReload(served)).not.toHaveProperty("outdated");
    expect(await served.get("/api/a")).toBe("15");
  });

  test.for([
    { how: "with // @hot-reset above it", text: { above: "// @hot-reset" } },
    { how: `in a file with "no hot state"`, text: { top: `"no hot state";\n` } },
  ])("begins anew $how", async ({ text: optedOut }) => {
    const project = createProject({ "lib/rate.ts": RATE, "pages/api/a.ts": text(optedOut) });
    const { get } = await serve(project, { watch: false });
    expect(await get("/api/a")).toBe("6");
    expect(await get("/api/a")).toBe("6");
    project.write("lib/rate.ts", `export const rate = 5;`);
    expect(await get("/api/a")).toBe("15");
  });
});

test("a session store is none: what it holds is made of nothing that is imported", async () => {
  const project = createProject({
    "lib/view.ts": `export const view = (name: string) => "Hello " + name;`,
    "pages/api/a.ts": `import { view } from "../../lib/view.ts";
      const sessions = new Map<string, { visits: number }>();
      export const GET = () => {
        let session = sessions.get("Ada");
        if (!session) { session = { visits: 0 }; sessions.set("Ada", session); }
        session.visits++;
        return new Response(view("Ada") + session.visits);
      };`,
  });
  const served = await serve(project, { plugin: { hmr: { debounceMs: 20 } } });
  expect(await served.get("/api/a")).toBe("Hello Ada1");
  project.write("lib/view.ts", `export const view = (name: string) => "Bye " + name;`);
  expect(await served.get("/api/a")).toBe("Bye Ada2");
  expect(await nextReload(served)).not.toHaveProperty("outdated");
});
