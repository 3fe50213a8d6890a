import { describe, expect, test, vi } from "vitest";
import { createProject } from "./support/project.ts";
import { serve } from "./support/serve.ts";

interface Kind {
  readonly what: string;
  /** The text of a route that answers with how often it was asked, and with its own label. */
  readonly route: (label: string) => string;
}

const kinds: readonly Kind[] = [
  {
    what: "a stateful handler",
    route: (label) => `import { createStatefulHandler } from "orbit-hmr/state";
      const counter = createStatefulHandler({ count: 0 }, {
        GET() {
          const { count } = counter.updateState((state: { count: number }) => ({ count: state.count + 1 }));
          return new Response(\`${label} \${count}\`);
        },
      });
      export const GET = counter.GET;`,
  },
  {
    what: "a stateful handler whose handlers are made of the state",
    route: (label) => `import { createStatefulHandler } from "orbit-hmr/state";
      export const { GET } = createStatefulHandler({ count: 0 }, (state) => ({
        GET() {
          const { count } = state.updateState(({ count }) => ({ count: count + 1 }));
          return new Response(\`${label} \${count}\`);
        },
      }));`,
  },
  {
    what: "a stateful handler made in development only",
    route: (label) => `import { createStatefulHandler } from "orbit-hmr/state";
      let own = 0;
      const isDev = process.env.NODE_ENV !== "production";
      const handlers = {
        GET() {
          const count = counter.updateState ? counter.updateState((state: any) => ({ count: state.count + 1 })).count : ++own;
          return new Response(\`${label} \${count}\`);
        },
      };
      const counter: any = isDev ? createStatefulHandler({ count: 0 }, handlers) : handlers;
      export const GET = (request: Request) => counter.GET(request);`,
  },
  ...[
    `const { createStatefulHandler } = require("orbit-hmr/state");`,
    `const state = require("orbit-hmr/state");`,
  ].map((ask, index) => ({
    what: `a stateful handler of a script (${index + 1})`,
    route: (label: string) => `${ask}
      const counter = ${index === 0 ? "" : "state."}createStatefulHandler({ count: 0 }, (own) => ({
        GET: () => new Response("${label} " + own.updateState(({ count }) => ({ count: count + 1 })).count),
      }));
      exports.GET = counter.GET;`,
  })),
  {
    what: "a cache",
    route: (label) => `import { createCache } from "orbit-hmr/state";
      const cache = createCache("orbit-state-cache");
      export const GET = () => {
        cache.set("count", (cache.get("count") as number ?? 0) + 1);
        return new Response(\`${label} \${cache.get("count")}\`);
      };`,
  },
  {
    what: "a rate limit",
    route: (label) => `import { createRateLimit } from "orbit-hmr/state";
      const limit = createRateLimit("orbit-state-limit", 100);
      export const GET = () => new Response(\`${label} \${limit.check("me").count}\`);`,
  },
  {
    what: "a store",
    route: (label) => `import { createStore } from "orbit-hmr/state";
      const store = createStore("orbit-state-store", 0);
      export const GET = () => new Response(\`${label} \${store.update((n: number) => n + 1)}\`);`,
  },
  {
    what: "a singleton",
    route: (label) => `import { createSingleton } from "orbit-hmr/state";
      const pool = createSingleton("orbit-state-pool", () => ({ count: 0 }));
      export const GET = () => new Response(\`${label} \${++pool.count}\`);`,
  },
];

describe.for(kinds)("$what", ({ route }) => {
  test("survives edits of its module, broken ones included", async () => {
    const project = createProject({ "pages/api/a.ts": route("one") });
    const { get, fetch } = await serve(project);
    expect(await get("/api/a")).toBe("one 1");
    expect(await get("/api/a")).toBe("one 2");
    project.write("pages/api/a.ts", route("two"));
    expect(await get("/api/a")).toBe("two 3");
    project.write("pages/api/a.ts", `${route("three")}\nthrow new Error("no");`);
    expect((await fetch("/api/a")).status).toBe(500);
    project.write("pages/api/a.ts", `// moved down\n\n\n${route("four")}`);
    expect(await get("/api/a")).toBe("four 4");
  });

  test("starts anew at each edit with preserveState: false", async () => {
    const project = createProject({ "pages/api/a.ts": route("one") });
    const { get } = await serve(project, { plugin: { hmr: { preserveState: false } } });
    expect(await get("/api/a")).toBe("one 1");
    expect(await get("/api/a")).toBe("one 2");
    project.write("pages/api/a.ts", route("two"));
    expect(await get("/api/a")).toBe("two 1");
  });
});

const sharing = (label: string): string => `import { createStore } from "orbit-hmr/state";
    const store = createStore("orbit-state-shared", 0);
    export const GET = () => new Response(\`${label} \${store.update((n: number) => n + 1)}\`);`;

test("two routes that use one store see one value, whichever is edited", async () => {
  const project = createProject({ "pages/api/a.ts": sharing("a"), "pages/api/b.ts": sharing("b") });
  const { get } = await serve(project);
  expect(await get("/api/a")).toBe("a 1");
  expect(await get("/api/b")).toBe("b 2");
  project.write("pages/api/b.ts", sharing("b edited"));
  expect(await get("/api/a")).toBe("a 3");
  expect(await get("/api/b")).toBe("b edited 4");
});

test("the global state manager is there for server code, and names the state", async () => {
  const project = createProject({
    "pages/api/a.ts": `import { createStore } from "orbit-hmr/state";
      createStore("orbit-state-global", 7);
      export const GET = () => Response.json(globalStateManager.keys());`,
  });
  const { fetch, status } = await serve(project);
  expect((await fetch("/api/a")).json()).toContain("orbit-state-global");
  await vi.waitFor(async () =>
    expect((await status()).state).toContainEqual({ id: "orbit-state-global", kind: "store", kept: true }),
  );
});
