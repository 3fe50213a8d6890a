import { expect, test, vi } from "vitest";
import {
  createCache,
  createRateLimit,
  createStatefulHandler,
  createStore,
  globalStateManager,
} from "../../src/state/index.ts";
import { useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

test("the basic stateful route of the guide counts", async () => {
  const handler = createStatefulHandler(
    { count: 0 },
    {
      async GET() {
        const state = handler.getState();
        return new Response(JSON.stringify({ count: state.count }));
      },
      async POST() {
        const newState = handler.updateState((previous) => ({ count: previous.count + 1 }));
        return new Response(JSON.stringify({ count: newState.count }));
      },
    },
  );
  // oxlint-disable-next-line typescript/unbound-method -- as routes do it; handlers have no `this`
  const { GET, POST } = handler;
  await POST();
  expect(await (await POST()).json()).toEqual({ count: 2 });
  expect(await (await GET()).json()).toEqual({ count: 2 });
});

test("the persistent cache of the guide answers a request without a key, too", async () => {
  const cache = createCache("my-cache", 5 * 60 * 1000);
  const fetched: unknown[] = [];
  const GET = async (request: Request): Promise<unknown> => {
    const key = new URL(request.url).searchParams.get("key");
    let found = cache.get(key);
    if (!found) {
      fetched.push(key);
      found = { key };
      cache.set(key, found);
    }
    return found;
  };
  for (const query of ["?key=a", "?key=a", "", ""]) await GET(new Request(`http://localhost/${query}`));
  expect(fetched).toEqual(["a", null]);
});

test("the rate limit of the guide works where requests have no address", () => {
  const rateLimiter = createRateLimit("api-limit", 100, 15 * 60 * 1000);
  const request: Request & { ip?: string } = new Request("http://localhost/");
  expect(rateLimiter.check(request.ip).remaining).toBe(99);
});

test("the state that the guide advises against does not throw either", () => {
  class Database {
    open = true;
  }
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const handler = createStatefulHandler({ database: new Database(), circular }, {}, { id: "bad idea" });
  expect(handler.setState({}).database).toBeInstanceOf(Database);
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  expect(() => globalStateManager.export()).not.toThrow();
  expect(warn).toHaveBeenCalledTimes(1);
  warn.mockRestore();
});

test("the store of the guide gains a key", () => {
  const store = createStore("app-config", { theme: "dark" });
  store.set({ theme: "light" });
  store.update((previous) => ({ ...previous, language: "en" }));
  expect(store.get()).toEqual({ theme: "light", language: "en" });
});
