import { expect, test, vi } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const counting = (name: string, rest: string): string => `
let ticks = 0;
setInterval(() => { orbitTestTicks.${name} = ++ticks; }, 2).unref();
export const GET = () => new Response(String(ticks));
${rest}
`;

test.for([
  ["syntax", "nonsense("],
  ["throwing", `throw new Error("not yet");`],
  ["missing", `import "./nowhere.ts";`],
])(
  "timers and state of the old code go on while the new code is broken: %s",
  async ([name = "", mistake = ""]) => {
    const ticks: Record<string, number> = {};
    Object.assign(globalThis, { orbitTestTicks: ticks });
    const project = createProject({ "pages/api/a.ts": counting(name, "") });
    const { get, fetch } = await serve(project);
    expect(await get("/api/a")).toMatch(/^\d+$/);
    project.write("pages/api/a.ts", counting(name, mistake));
    expect((await fetch("/api/a")).status).toBe(500);
    const before = ticks[name] ?? 0;
    await vi.waitFor(() => expect(ticks[name]).toBeGreaterThan(before + 3));
    project.write("pages/api/a.ts", counting(name, "// healed"));
    expect(Number(await get("/api/a"))).toBeGreaterThan(before);
  },
);

const counter = (rest: string): string => `
import { createStore } from "orbit-hmr/state";
const store = createStore("orbit-test-broken", 0);
${rest}
export const GET = () => new Response(String(store.update((n) => n + 1)));
`;

test("explicit state is untouched by an evaluation that fails", async () => {
  const project = createProject({ "pages/api/a.ts": counter("") });
  const { get, fetch } = await serve(project);
  expect(await get("/api/a")).toBe("1");
  project.write("pages/api/a.ts", counter(`store.set(100); throw new Error("late");`));
  expect((await fetch("/api/a")).status).toBe(500);
  project.write("pages/api/a.ts", counter(""));
  expect(await get("/api/a")).toBe("2");
});

test("with last-good, a broken route answers with its last good code and says what is wrong in a header", async () => {
  const project = createProject({
    "pages/api/a.ts": route("name", `import { name } from "../../lib/name.ts";`),
    "lib/name.ts": `export const name = "good";`,
  });
  const { get, fetch } = await serve(project, { plugin: { hmr: { onError: "last-good" } } });
  const good = await fetch("/api/a");
  expect(good.headers.get("x-orbit-stale")).toBeNull();
  project.write("lib/name.ts", `export const name = "ü" as;\nexport const more = ;`);
  const stale = await fetch("/api/a");
  expect(stale).toMatchObject({ status: 200, text: "good" });
  const header = stale.headers.get("x-orbit-stale") ?? "";
  expect(header).toMatch(/^lib\/name\.ts:1:\d+ .+/);
  expect(header).toMatch(/^[\x20-\x7E]+$/);
  expect(header).not.toContain(project.root);
  project.write("lib/name.ts", `export const name = "better";`);
  expect(await get("/api/a")).toBe("better");
  expect((await fetch("/api/a")).headers.get("x-orbit-stale")).toBeNull();
});

test("with last-good, a route that never loaded answers with its error", async () => {
  const project = createProject({ "pages/api/a.ts": "nonsense(" });
  const { fetch } = await serve(project, { plugin: { hmr: { onError: "last-good" } } });
  expect((await fetch("/api/a")).status).toBe(500);
});
