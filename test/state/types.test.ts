import { expect, expectTypeOf, test } from "vitest";
import { createCache, createSingleton, createStatefulHandler, createStore } from "../../src/state/index.ts";
import { useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

interface Context {
  readonly params: Readonly<Record<string, string>>;
}

test("handlers may use their own handler without any annotation, and keep their own types", async () => {
  const handler = createStatefulHandler(
    { count: 0 },
    {
      async GET() {
        const state = handler.getState();
        return new Response(JSON.stringify({ count: state.count }));
      },
      async POST(request: Request, { params }: Context) {
        const { count } = handler.updateState((previous) => ({ count: previous.count + 1 }));
        return Response.json({ count, url: request.url, params });
      },
      PUT: (request: Request) => new Response(`${handler.setState({ count: 1 }).count}${request.url}`),
    },
  );
  // oxlint-disable-next-line typescript/unbound-method -- as routes do it; handlers have no `this`
  const { GET, POST, PUT } = handler;
  expectTypeOf(GET).toEqualTypeOf<() => Promise<Response>>();
  expectTypeOf(POST).toEqualTypeOf<(request: Request, context: Context) => Promise<Response>>();
  expectTypeOf(PUT).toEqualTypeOf<(request: Request) => Response>();
  expectTypeOf(handler.getState()).toEqualTypeOf<{ count: number }>();
  expect(await (await GET()).json()).toEqual({ count: 0 });
});

test("either a stateful handler or the plain handlers can be exported", () => {
  const isDev = process.env["NODE_ENV"] === "development";
  const handlers = {
    GET: async (request: Request) => new Response(request.url),
    POST: () => new Response("posted"),
  };
  const handler = isDev ? createStatefulHandler({ count: 0 }, handlers) : handlers;
  // oxlint-disable-next-line typescript/unbound-method -- as routes do it; handlers have no `this`
  const { GET, POST } = handler;
  expectTypeOf(GET).toEqualTypeOf<(request: Request) => Promise<Response>>();
  expectTypeOf(POST).toEqualTypeOf<() => Response>();
});

test("types that cannot be right do not compile", () => {
  // @ts-expect-error -- a handler is a function
  expect(() => createStatefulHandler({ a: 1 }, { GET: 5 })).toThrow(TypeError);
  const handler = createStatefulHandler({ a: 1 });
  // @ts-expect-error -- no such key
  handler.setState({ b: 1 });
  // @ts-expect-error -- not a number
  handler.updateState(() => ({ a: "1" }));
});

test("the other kinds infer their types", async () => {
  expectTypeOf(createStore("n", 0).get()).toEqualTypeOf<number>();
  expectTypeOf(createStore<string | null>("t", null).get()).toEqualTypeOf<string | null>();
  const config = createStore("config", { theme: "dark" });
  expectTypeOf(config.update((previous) => ({ ...previous, language: "en" }))).toEqualTypeOf<{
    theme: string;
  }>();
  expectTypeOf(createCache("c").get("a")).toEqualTypeOf<unknown>();
  expectTypeOf(createCache<Date>("d").get("a")).toEqualTypeOf<Date | undefined>();
  expectTypeOf(createSingleton("s", async () => 1)).toEqualTypeOf<Promise<number>>();
  void createSingleton("p", async () => "text", {
    dispose: (value) => expectTypeOf(value).toEqualTypeOf<string>(),
  });
});
