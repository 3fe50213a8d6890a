import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { nodeHandler } from "../../src/node/index.ts";
import { listenerOf } from "../../src/node/recognise.ts";

/** Functions whose text is what counts. */
const functions = runInThisContext(`({
  next: function handler(req, res) { res.status(200).json({}) },
  arrow: (req, res) => res.end(),
  async: async (req, res) => { await null; res.write("a") },
  optional: (req, res) => { res?.setHeader("a", "b") },
  lines: (req, res) => { res
    .writeHead(200) },
  method: { GET(req, res) { res.send("x") } }.GET,
  asyncMethod: { async GET(req, res) { res.redirect("/") } }.GET,
  commented: (req /* the request, such as it is */, res // , and
    ) => res.end(),
  defaults: (req, res, next = () => {}) => { res.statusCode = 404; next() },
  dollar: (req, $res) => $res.end(),
  web: (request) => new Response(),
  context: (request, context) => Response.json(context.params),
  destructured: (request, { params }) => { const res = {}; res.end = params; return new Response() },
  inner: async (request, ctx) => { const res = await fetch("x"); return res.json(ctx.params) },
  other: (request, res) => { const my = { res: {} }; my.res.end; return new Response(res.params.id) },
  passesOn: (req, res) => answer(req, res),
  native: [].map,
})`) as Record<string, () => unknown>;

const NODE_STYLE = new Set([
  "next",
  "arrow",
  "async",
  "optional",
  "lines",
  "method",
  "asyncMethod",
  "commented",
  "defaults",
  "dollar",
]);

describe("a function answers on Node's response if it uses one as its second parameter", () => {
  test.each(Object.keys(functions))("%s", (name) => {
    expect(listenerOf(functions[name]) !== undefined).toBe(NODE_STYLE.has(name));
  });
});

test.each([undefined, null, 1, "app", {}, [], { title: "page" }, { fetch: () => new Response() }])(
  "%o is no Node-style app",
  (value) => {
    expect(listenerOf(value)).toBeUndefined();
  },
);

test("nodeHandler makes one of any function, and is known whoever made the mark", () => {
  const { passesOn = () => undefined } = functions;
  expect(listenerOf(nodeHandler(passesOn))).toBeTypeOf("function");
  expect(() => nodeHandler(passesOn)({} as never, {} as never)).toThrow(/Export it from the route as it is/);
});

test.each<[object, object, string]>([
  [{}, {}, "got an object"],
  [{ fetch: () => new Response() }, {}, "got an app with fetch, which is a route as it is"],
  [() => undefined, { base: "api" }, `begins with "/" and does not end with it, got "api"`],
  [() => undefined, { base: "/api/" }, `got "/api/"`],
  [() => undefined, { base: 1 }, "got number"],
])("nodeHandler says what it expects (%#)", (app, options, message) => {
  expect(() => nodeHandler(app, options)).toThrow(message);
});
