import { describe, expect, test, vi } from "vitest";
import { dispatchRequest, KNOWN_FORMS } from "../../src/routes/dispatch.ts";
import type { FetchApp, RouteHandler, RouteModule, RouteRequest } from "../../src/routes/types.ts";

const route = { path: "/api/users/:id", file: "pages/api/users/[id].ts" };

function requestOf(method: string, init: RequestInit = {}): RouteRequest {
  return Object.assign(new Request("http://localhost/api/users/7", { ...init, method }), { ip: "127.0.0.1" });
}

function dispatch(namespace: object, method: string, init?: RequestInit): Promise<Response> {
  return dispatchRequest(namespace, requestOf(method, init), { route, params: { id: "7" } });
}

function saying(text: string): RouteHandler {
  return () => new Response(text);
}

const echo: RouteHandler<{ id: string }> = (request, { params }) => Response.json([request.ip, params.id]);

describe("a method goes to its handler", () => {
  test.each([
    ["an exported method answers its method", { GET: saying("get"), POST: saying("post") }, "POST", "post"],
    [
      "an exported method beats the default",
      { GET: saying("get"), default: saying("default") },
      "GET",
      "get",
    ],
    [
      "the default answers every other method",
      { GET: saying("get"), default: saying("default") },
      "DELETE",
      "default",
    ],
    ["the default answers OPTIONS", { default: saying("default") }, "OPTIONS", "default"],
    [
      "an exported OPTIONS runs",
      { OPTIONS: saying("options"), default: saying("default") },
      "OPTIONS",
      "options",
    ],
    ["a default with fetch is an app", { default: { fetch: saying("app") } }, "PUT", "app"],
    ["a method of one's own is a method", { PROPFIND: saying("propfind") }, "PROPFIND", "propfind"],
    ["a method may have a hyphen", { "M-SEARCH": saying("found") }, "M-SEARCH", "found"],
  ])("%s", async (_law, namespace, method, expected) => {
    const response = await dispatch(namespace, method);

    expect(await response.text()).toBe(expected);
  });

  test("the handler gets the request and its parameters", async () => {
    expect(await (await dispatch({ GET: echo }, "GET")).json()).toEqual(["127.0.0.1", "7"]);
  });

  test("an app is called on itself", async () => {
    class App implements FetchApp {
      readonly #name = "app";
      fetch(): Response {
        return new Response(this.#name);
      }
    }
    const module: RouteModule = { default: new App() };

    expect(await (await dispatch(module, "GET")).text()).toBe("app");
  });
});

describe("HEAD is GET without a body", () => {
  test.each([
    ["GET answers HEAD", { GET: saying("get"), default: saying("default") }],
    ["the default answers HEAD if there is no GET", { default: saying("default") }],
    ["an exported HEAD sends no body either", { HEAD: saying("head") }],
  ])("%s", async (_law, namespace) => {
    const response = await dispatch(namespace, "HEAD");

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain;charset=UTF-8");
    expect(response.body).toBeNull();
  });

  test("the body nobody will read is cancelled", async () => {
    const cancel = vi.fn<() => void>();
    await dispatch({ GET: () => new Response(new ReadableStream({ cancel })) }, "HEAD");

    expect(cancel).toHaveBeenCalledOnce();
  });
});

describe("what a route does not answer, it says", () => {
  const module = { GET: saying(""), POST: saying(""), helper: saying(""), MAX_SIZE: 1, LIMIT: 2 };

  test("OPTIONS lists the methods", async () => {
    const response = await dispatch(module, "OPTIONS");

    expect([response.status, response.headers.get("allow"), response.body]).toEqual([
      204,
      "GET, POST, HEAD, OPTIONS",
      null,
    ]);
  });

  test("an unknown method is 405 with the methods there are", async () => {
    const response = await dispatch(module, "DELETE");

    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST, HEAD, OPTIONS"]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({
      type: "about:blank",
      title: "Method Not Allowed",
      status: 405,
      detail: "/api/users/:id does not answer DELETE. It answers GET, POST, HEAD, OPTIONS.",
    });
  });

  test.each(["constructor", "toString", "__proto__", "helper", "default", "LIMIT", "MAX_SIZE"])(
    "the method %s calls nothing",
    async (method) => {
      expect((await dispatch({ ...module }, method)).status).toBe(405);
    },
  );

  test("a HEAD that is not answered has no body", async () => {
    const response = await dispatch({ POST: saying("") }, "HEAD");

    expect([response.status, response.body]).toEqual([405, null]);
  });

  test.each([
    [{}, "no exports"],
    [{ get: saying("") }, "the exports get"],
    [{ default: { title: "page" }, config: {} }, "the exports default, config"],
  ])("a module without a handler is an error that says what it exports (%#)", async (namespace, came) => {
    const response = await dispatch(namespace, "GET");

    expect(await response.json()).toMatchObject({
      status: 500,
      type: "urn:orbit-hmr:no-handler",
      detail: `[orbit] Expected pages/api/users/[id].ts to export a function named after a method (GET, POST, ...) or a default handler, got ${came}. ${KNOWN_FORMS}.`,
    });
  });
});

describe("an answer that is no response is an error that says what came", () => {
  const used = new Response("text");
  void used.text();
  const locked = new Response("text");
  locked.body?.getReader();

  test.each([
    [undefined, "a Response such as Response.json(value), got undefined"],
    [null, "a Response such as Response.json(value), got null"],
    ["text", "a Response such as Response.json(value), got a string"],
    [{ users: [] }, "a Response such as Response.json(value), got an object"],
    [Object.create(null), "a Response such as Response.json(value), got an object"],
    [[1], "a Response such as Response.json(value), got an array"],
    [new Map(), "a Response such as Response.json(value), got an instance of Map"],
    [Response.error(), "a Response with a status from 200 to 599, got 0"],
    [used, "a Response whose body is unread, got one that was already read or sent"],
    [locked, "a Response whose body is free, got one that somebody is still reading"],
  ])("%o", async (answer: unknown, expectedAndGot) => {
    const response = await dispatch({ GET: () => answer }, "GET");

    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({
      type: "urn:orbit-hmr:invalid-response",
      title: "The handler returned no usable response",
      status: 500,
      detail: `[orbit] Expected the handler of GET in pages/api/users/[id].ts to return ${expectedAndGot}.`,
      file: "pages/api/users/[id].ts",
    });
  });

  test("a response of another copy of the class is a response", async () => {
    const foreign = { [Symbol.toStringTag]: "Response", status: 200, bodyUsed: false, body: null };

    expect(await dispatch({ GET: () => foreign }, "GET")).toBe(foreign);
  });
});

test("what a handler throws reaches the caller as it is", async () => {
  const error = new Error("database is down");
  const GET: RouteHandler = () => {
    throw error;
  };

  await expect(dispatch({ GET }, "GET")).rejects.toBe(error);
  await expect(dispatch({ GET: () => Promise.reject(error) }, "GET")).rejects.toBe(error);
});

function refusal(): Response {
  return new Response("no", { status: 401, headers: { "www-authenticate": "Basic" } });
}

describe("a response that is thrown is the answer, as if it had been returned", () => {
  const foreign = { [Symbol.toStringTag]: "Response", status: 401, bodyUsed: false, body: null };
  test.each<[string, RouteHandler]>([
    [
      "at once",
      () => {
        throw refusal();
      },
    ],
    ["later", () => Promise.reject(refusal())],
  ])("%s", async (_when, handler) => {
    const response = await dispatch({ default: { fetch: handler } }, "GET");

    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Basic"]);
    expect(await response.text()).toBe("no");
    expect(await (await dispatch({ GET: handler }, "HEAD")).text()).toBe("");
  });

  test("also one of another copy of the class", async () => {
    expect(await dispatch({ GET: () => Promise.reject(foreign) }, "GET")).toBe(foreign);
  });

  test("one that cannot be sent is an error that says why", async () => {
    const response = await dispatch({ GET: () => Promise.reject(Response.error()) }, "GET");

    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ type: "urn:orbit-hmr:invalid-response" });
  });
});

test("each export is read once per request, at the request", async () => {
  let version = 0;
  const namespace = {
    get GET(): RouteHandler {
      version += 1;
      return saying(`version ${version}`);
    },
    get helper(): never {
      throw new Error("nobody asked for helpers");
    },
  };

  expect(await (await dispatch(namespace, "GET")).text()).toBe("version 1");
  expect(await (await dispatch(namespace, "GET")).text()).toBe("version 2");
});
