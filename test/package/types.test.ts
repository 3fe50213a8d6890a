import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../cli/orbiton.ts";
import { createProject } from "../vite/support/project.ts";

// What TypeScript says of routes, in the compilers and settings that projects have.

const modules = resolve(import.meta.dirname, "../../node_modules");

const COMPILERS = { "TypeScript 7": "typescript", "TypeScript 5.9": "typescript5" } as const;

const SETTINGS = {
  "a bundler's resolution": {
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2023", "dom", "dom.iterable"],
  },
  "Node's resolution": {
    module: "nodenext",
    moduleResolution: "nodenext",
    lib: ["es2023", "dom", "dom.iterable"],
  },
  "the types of Node alone": { module: "nodenext", moduleResolution: "nodenext", lib: ["es2023"] },
} as const;

const STRICT = {
  target: "es2023",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  noEmit: true,
};

const SAME = `
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(isSame: Equal<A, B>): void { void isSame; }`;

const STATEFUL = `
import { createStatefulHandler } from "orbit-hmr/state";
import type { HandlerContext, HandlerRequest } from "orbit-hmr/state";
import type { RouteContext, RouteHandler, RouteRequest } from "orbit-hmr";
${SAME}

// The documented form: handlers that mention the handler itself, without annotations.
const handler = createStatefulHandler(
  { count: 0 },
  {
    async GET(request, { params }) {
      const { count } = handler.getState();
      const { id } = params;
      same<typeof id, string | readonly string[] | undefined>(true);
      return Response.json({ url: request.url, ip: request.ip, id, count });
    },
    POST: async (request) => {
      const body: unknown = await request.json();
      return Response.json({ body, ...handler.updateState(({ count }) => ({ count: count + 1 })) });
    },
    async PUT() {
      return new Response(String(handler.setState({ count: 1 }).count));
    },
    async PATCH(request: Request, { params }: { params: { id: string } }) {
      return new Response(request.url + params.id.toUpperCase() + handler.getState().count);
    },
  },
);
export const { GET, POST, PUT, PATCH } = handler;
same<typeof GET, (request: HandlerRequest, context: HandlerContext) => Promise<Response>>(true);
same<typeof PUT, () => Promise<Response>>(true);
same<typeof PATCH, (request: Request, context: { params: { id: string } }) => Promise<Response>>(true);
const asRoute: RouteHandler = GET;
const ofRequest = (request: RouteRequest, context: RouteContext): unknown => GET(request, context);
void [asRoute, ofRequest];

// A function that makes them: the result is checked as well.
export const counter = createStatefulHandler({ count: 0 }, (state) => ({
  async GET(request, { params }) {
    same<typeof request, HandlerRequest>(true);
    return Response.json({ id: params.id, ...state.getState() });
  },
  POST: (request) => new Response(request.method + state.updateState(({ count }) => ({ count: count + 1 })).count),
  async PATCH(_request: Request, { params }: { params: { id: string } }) {
    return new Response(params.id.toUpperCase());
  },
}));
same<typeof counter.GET, (request: HandlerRequest, context: HandlerContext) => Promise<Response>>(true);
counter.setState({ count: 2 });
// @ts-expect-error -- a handler returns a Response
createStatefulHandler({ count: 0 }, () => ({ GET: () => 5 }));
// @ts-expect-error -- a handler returns a Response
createStatefulHandler({ count: 0 }, (state) => ({ async GET() { return state.getState(); } }));

// The type of the state is given.
interface Cart { items: string[]; coupon?: string }
export const cart = createStatefulHandler<Cart>({ items: [] }, {
  async GET(request) {
    return Response.json([request.url, cart.getState().coupon]);
  },
});
export const other = createStatefulHandler<Cart>({ items: [] }, (state) => ({
  GET: (request, { params }) => Response.json([request.url, params.id, state.getState().coupon]),
}));
createStatefulHandler<Cart>({ items: [] }).setState({ coupon: "ten" });
// @ts-expect-error -- a handler returns a Response
createStatefulHandler<Cart>({ items: [] }, () => ({ GET: () => 5 }));
// @ts-expect-error -- no cart
createStatefulHandler<Cart>({ item: [] });

// Handlers from elsewhere, with or without state.
const handlers = { GET: async (request: Request) => new Response(request.url), POST: () => new Response("posted") };
declare const isDev: boolean;
const either = isDev ? createStatefulHandler({ count: 0 }, handlers) : handlers;
same<typeof either.GET, (request: Request) => Promise<Response>>(true);
same<typeof either.POST, () => Response>(true);

createStatefulHandler({ count: 0 }).getState().count.toFixed();
createStatefulHandler({ a: 1, b: "x" }, {}, { version: 2, migrate: (old) => ({ b: String(old.a) }) });
// @ts-expect-error -- a handler is a function
createStatefulHandler({ a: 1 }, { GET: 5 });
// @ts-expect-error -- no such key
createStatefulHandler({ a: 1 }).setState({ b: 1 });
// @ts-expect-error -- no such member of a request
createStatefulHandler({ a: 1 }, { GET: (request) => new Response(request.adress) });
`;

const ROUTES = `
import type { ParamsOf, RouteContext, RouteHandler, RouteModule, RouteParams } from "orbit-hmr";
import { nodeHandler } from "orbit-hmr/node";
import type { IncomingMessage, ServerResponse } from "node:http";
import { H3 } from "h3";
import { Hono } from "hono";
${SAME}

// As the types of these are, which come without them or take long to read.
declare class Koa {
  callback(): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;
}
declare class Fastify {
  ready(): PromiseLike<undefined>;
  routing(incoming: IncomingMessage, outgoing: ServerResponse): void;
}

export const GET: RouteHandler<"/api/users/[id]/files/[...path]"> = async (request, { params }) => {
  same<typeof params.id, string>(true);
  same<typeof params.path, readonly string[]>(true);
  return Response.json([request.ip, params.id.length, params.path.join("/")]);
};
export const POST: RouteHandler<"/api/(group)/[[...rest]]"> = (_request, { params }) => {
  same<typeof params.rest, readonly string[] | undefined>(true);
  return new Response(params.rest?.join());
};
export const PUT: RouteHandler<{ id: string }> = (_request, { params }) => new Response(params.id);
export const PATCH: RouteHandler = (_request, { params }) => {
  same<typeof params, RouteParams>(true);
  return new Response(String(params["anything"]));
};
export async function DELETE(_request: Request, { params }: RouteContext<"/api/[id]">): Promise<Response> {
  return new Response(params.id.toUpperCase());
}
same<keyof ParamsOf<"/api/plain">, never>(true);
const typo: RouteHandler<"/api/users/[id]"> = (_request, { params }) => {
  // @ts-expect-error -- no such parameter
  return new Response(params.name);
};
// @ts-expect-error -- a parameter is a text, a list of them, or absent
type Wrong = RouteHandler<{ id: number }>;
void typo;

const modules: readonly RouteModule[] = [
  { GET: (request, { params }) => new Response(String(request.ip) + String(params["id"])) },
  { default: new Hono() },
  { default: new Hono<{ Bindings: { KEY: string } }>() },
  { default: new H3() },
  { default: new Koa() },
  { default: new Fastify() },
  { default: (_incoming: IncomingMessage, outgoing: ServerResponse) => void outgoing.end() },
  { default: { fetch: (request, { params, KEY, incoming }) => Response.json([request.ip, params, KEY, incoming.url]) } },
];
// @ts-expect-error -- none of the known forms
const unknown: RouteModule = { default: { title: "page" } };
void [modules, unknown];

export default nodeHandler((request: object, response: { end(): void }) => response.end(), { base: "/api/old" });
export type { Wrong };
`;

function projectWith(files: Readonly<Record<string, string>>): string {
  const { root } = createProject({ "package.json": `{ "type": "module" }`, ...files });
  for (const name of ["vite", "@types", "h3", "hono"])
    symlinkSync(join(modules, name), join(root, "node_modules", name));
  return root;
}

async function check(root: string, compiler: string, config = "tsconfig.json"): Promise<string> {
  const tsc = join(modules, compiler, "bin/tsc");
  const { stdout } = await run([process.execPath, tsc, "-p", join(root, config)]);
  return stdout;
}

// A compiler takes its time on a busy machine.
describe.for(Object.entries(COMPILERS))("%s", { timeout: 120_000 }, ([_name, compiler]) => {
  test.for(Object.entries(SETTINGS))(
    "routes are typed as documented, with %s",
    async ([_settings, options]) => {
      const root = projectWith({
        "tsconfig.json": JSON.stringify({ compilerOptions: { ...STRICT, ...options }, include: ["pages"] }),
        "pages/api/stateful.ts": STATEFUL,
        "pages/api/routes.ts": ROUTES,
      });
      expect(await check(root, compiler)).toBe("");
    },
  );

  test("they are typed in the projects that create-vite makes, once pages/ is taken in", async () => {
    const linting = {
      strict: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      erasableSyntaxOnly: true,
    };
    const bundler = { moduleResolution: "bundler", allowImportingTsExtensions: true, noEmit: true };
    const common = { target: "es2023", module: "esnext", skipLibCheck: true, verbatimModuleSyntax: true };
    const route = `
      import type { RouteHandler } from "orbit-hmr";
      export const GET: RouteHandler<"/api/[id]"> = async (request, { params }) =>
        Response.json([request.ip, params.id, process.env["HOME"]]);`;
    const root = projectWith({
      // With a framework: the configs are one for the page and one for what Node runs.
      "tsconfig.node.json": JSON.stringify({
        compilerOptions: {
          ...common,
          ...bundler,
          ...linting,
          lib: ["es2023"],
          types: ["node"],
          moduleDetection: "force",
        },
        include: ["vite.config.ts", "pages"],
      }),
      // Without one: a single config, for the page.
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          ...common,
          ...bundler,
          ...linting,
          lib: ["es2023", "dom", "dom.iterable"],
          types: ["vite/client", "node"],
        },
        include: ["src", "pages"],
      }),
      "vite.config.ts": `
        import { defineConfig } from "vite";
        import { apiRoutes } from "orbit-hmr/vite";
        export default defineConfig({ plugins: [apiRoutes()] });`,
      "src/main.ts": `document.title = "page";`,
      "pages/api/[id].ts": route,
    });
    expect(await check(root, compiler, "tsconfig.node.json")).toBe("");
    expect(await check(root, compiler)).toBe("");
  });
});
