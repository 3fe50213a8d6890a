import { once } from "node:events";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { WebRequestOptions } from "../../src/routes/node-request.ts";
import { dispatchRequest } from "../../src/routes/dispatch.ts";
import { urlOf } from "../../src/routes/request-target.ts";
import { deferred, RawConnection, serve } from "./serve.ts";

const DONE = "\n--done--";

/** What a handler sees of a request with this target and these headers. */
async function seen(
  target: string,
  headers: readonly string[],
  options?: WebRequestOptions,
): Promise<unknown> {
  const { port } = await serve(
    (request) => new Response(JSON.stringify([request.url, request.ip]) + DONE),
    options,
  );
  const connection = await RawConnection.open(port);
  connection.send(`GET ${target} HTTP/1.1`, ...headers, "", "");
  const answer = await connection.until(DONE);
  return JSON.parse(/^\[.*\]$/m.exec(answer)?.[0] ?? "null");
}

describe("the URL is made of the Host header and the path as it was sent", () => {
  test.each([
    ["encoding stays", "/a%2Fb%20c?x=%41", ["host: site.test:81"], "http://site.test:81/a%2Fb%20c?x=%41"],
    ["bad encoding stays", "/%zz", ["host: site.test"], "http://site.test/%zz"],
    ["a path is no host", "//evil.test/x", ["host: site.test"], "http://site.test//evil.test/x"],
    ["an absolute target is no host", "http://evil.test/x?y", ["host: site.test"], "http://site.test/x?y"],
    ["a host with a path falls back", "/x", ["host: evil.test/y"], "http://localhost/x"],
    ["a host with a user falls back", "/x", ["host: a@evil.test"], "http://localhost/x"],
    ["a host that cannot be falls back", "/x", ["host: 999.999.999.999"], "http://localhost/x"],
    ["a port that cannot be falls back", "/x", ["host: site.test:99999"], "http://localhost/x"],
    ["an IPv6 host is one", "/x", ["host: [::1]:8080"], "http://[::1]:8080/x"],
    [
      "forwarded headers mean nothing",
      "/x",
      ["host: site.test", "x-forwarded-host: evil.test", "x-forwarded-proto: https"],
      "http://site.test/x",
    ],
  ])("%s", async (_law, target, headers, url) => {
    expect(await seen(target, headers)).toEqual([url, "127.0.0.1"]);
  });

  test("without a Host there is the fallback", async () => {
    const options = { fallbackOrigin: "https://orbit.test" };

    expect(await seen("/x", ["host:"], options)).toEqual(["https://orbit.test/x", "127.0.0.1"]);
  });

  test("a trusted proxy says the scheme", async () => {
    const headers = ["host: site.test", "x-forwarded-proto: https"];

    expect(await seen("/x", headers, { trustProxy: true })).toEqual(["https://site.test/x", "127.0.0.1"]);
    const nonsense = ["host: site.test", "x-forwarded-proto: javascript"];
    expect(await seen("/x", nonsense, { trustProxy: true })).toEqual(["http://site.test/x", "127.0.0.1"]);
  });
});

function incoming(fields: object, socket: object = {}): IncomingMessage {
  const message = new IncomingMessage(Object.assign(new Socket(), socket));
  return Object.assign(message, { headers: { host: "site.test" } }, fields);
}

describe("the URL depends on where the request came in", () => {
  test("a mount point is part of it", () => {
    expect(urlOf(incoming({ url: "/users?a", originalUrl: "/base/api/users?a" }), {}).href).toBe(
      "http://site.test/base/api/users?a",
    );
  });

  test("an encrypted socket makes it https", () => {
    expect(urlOf(incoming({ url: "/" }, { encrypted: true }), {}).href).toBe("https://site.test/");
  });

  test.each(["*", "", "site.test:443", "data:x", "?a"])("the target %o is the root", (url) => {
    expect(urlOf(incoming({ url }), {}).href).toBe("http://site.test/");
  });
});

describe("the address is the socket's, unless a trusted proxy says another", () => {
  test.each([
    [false, "1.2.3.4", "127.0.0.1"],
    [true, "1.2.3.4", "1.2.3.4"],
    [true, "6.6.6.6, 1.2.3.4", "1.2.3.4"],
    [true, "2001:db8::1", "2001:db8::1"],
    [true, "::ffff:1.2.3.4", "1.2.3.4"],
    [true, "unknown", "127.0.0.1"],
    [true, "<script>", "127.0.0.1"],
    [true, "1.2.3.4, ", "127.0.0.1"],
  ])("trustProxy %o and %o: %o", async (trustProxy, forwarded, ip) => {
    const headers = ["host: site.test", `x-forwarded-for: ${forwarded}`];

    expect(await seen("/", headers, { trustProxy })).toEqual(["http://site.test/", ip]);
  });
});

describe("a request is a Request", () => {
  test("it can be copied, changed and cloned with its body", async () => {
    const { url } = await serve(async (request) => {
      const clone = request.clone();
      const changed = new Request(request, { headers: { "x-added": "yes" } });
      return Response.json({
        isRequest: request instanceof Request && clone instanceof Request,
        added: changed.headers.get("x-added"),
        method: changed.method,
        texts: [await clone.text(), await changed.text()],
      });
    });
    const response = await fetch(url, { method: "POST", body: "text" });

    expect(await response.json()).toEqual({
      isRequest: true,
      added: "yes",
      method: "POST",
      texts: ["text", "text"],
    });
  });

  test("it can be passed on by URL and by fetch", async () => {
    const inner = await serve(async (request) => new Response(`${request.method} ${await request.text()}`));
    const { url } = await serve((request) => fetch(new Request(inner.url, request)));

    expect(await (await fetch(url, { method: "PUT", body: "text" })).text()).toBe("PUT text");
  });

  test("one that nobody has looked at is a whole one to whoever knows requests from inside", async () => {
    const inner = await serve(async (request) => {
      const { method, headers } = request;
      return Response.json([method, headers.get("x-a"), await request.text()]);
    });
    const { url } = await serve((request) =>
      request.url.endsWith("/copy") ? fetch(inner.url, new Request(request)) : fetch(inner.url, request),
    );
    const init = { method: "POST", body: "text", headers: { "x-a": "a" } };

    expect(await (await fetch(`${url}/copy`, init)).json()).toEqual(["POST", "a", "text"]);
    expect(await (await fetch(url, init)).json()).toEqual(["POST", "a", "text"]);
  });

  test("it shows itself like one", async () => {
    const { url } = await serve((request) => new Response(inspect(request)));
    const text = await (await fetch(url, { headers: { "x-a": "a" } })).text();

    expect(text).toMatch(/^\w*Request \{/);
    expect(text).toContain(`url: '${url}/'`);
    expect(text).toContain("'x-a': 'a'");
  });

  test("its headers are one object, and what is added to them is there for whoever takes the request over", async () => {
    const { url } = await serve((request) => {
      request.headers.set("x-added", "yes");
      return Response.json([
        request.headers === request.headers,
        new Request(request).headers.get("x-added"),
      ]);
    });

    expect(await (await fetch(url)).json()).toEqual([true, "yes"]);
  });

  test("it keeps every header and value", async () => {
    const { port } = await serve((request) => new Response(JSON.stringify([...request.headers]) + DONE));
    const connection = await RawConnection.open(port);
    connection.send(
      "GET / HTTP/1.1",
      "host: a",
      "x-one: 1",
      "X-One: 2",
      "cookie: a=b",
      "__proto__: c",
      "",
      "",
    );

    expect(await connection.until(DONE)).toContain(
      JSON.stringify([
        ["__proto__", "c"],
        ["cookie", "a=b"],
        ["host", "a"],
        ["x-one", "1, 2"],
      ]),
    );
  });

  test("binary bodies arrive byte by byte", async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 256);
    const { url } = await serve(async (request) => new Response(await request.arrayBuffer()));
    const response = await fetch(url, { method: "POST", body: bytes });

    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test("a body can be streamed back while it comes", async () => {
    const bytes = new Uint8Array(5_000_000).fill(7);
    const { url } = await serve((request) => new Response(request.body));
    const response = await fetch(url, { method: "POST", body: bytes });

    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test("form data is read", async () => {
    const form = new FormData();
    form.set("file", new File(["text"], "a.txt"));
    const { url } = await serve(async (request) => Response.json([...(await request.formData()).keys()]));

    expect(await (await fetch(url, { method: "POST", body: form })).json()).toEqual(["file"]);
  });

  test.each(["GET", "POST"])("a %s without a body has none", async (method) => {
    const { url } = await serve(async (request) => Response.json([request.body, await request.text()]));

    expect(await (await fetch(url, { method })).json()).toEqual([null, ""]);
  });

  test("a method fetch does not have is 501", async () => {
    const { port } = await serve(() => new Response("never"));
    const connection = await RawConnection.open(port);
    connection.send("TRACE / HTTP/1.1", "host: a", "", "");

    expect(await connection.until("This server does not know the method TRACE.")).toContain(
      "501 Not Implemented",
    );
  });
});

function post(url: string, size: number): Promise<Response> {
  return fetch(url, { method: "POST", body: new Uint8Array(size) });
}

describe("a body read at once has a limit", () => {
  const route = { path: "/", file: "pages/api/upload.ts" };
  const upload = (
    POST: (request: Request) => Promise<Response>,
    bodyLimit?: number,
  ): ReturnType<typeof serve> =>
    serve(
      (request) => dispatchRequest({ POST }, request, { route, params: {} }),
      bodyLimit ? { bodyLimit } : {},
    );

  test("more than 1 MiB is 413", async () => {
    const { url } = await upload(
      async (request) => new Response(String((await request.arrayBuffer()).byteLength)),
    );

    expect(await (await post(url, 1024 * 1024)).text()).toBe("1048576");
    const response = await post(url, 1024 * 1024 + 1);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      detail:
        "[orbit] Expected a request body of at most 1048576 bytes. Larger ones can be read as a stream (request.body).",
    });
  });

  test("a clone has the same limit", async () => {
    const { url } = await upload(async (request) => new Response(await request.clone().text()), 10);

    expect((await post(url, 11)).status).toBe(413);
  });

  test("a body read in pieces has none", async () => {
    const { url } = await upload(async (request) => {
      let size = 0;
      for await (const chunk of request.body ?? []) size += chunk.byteLength;
      return new Response(String(size));
    });

    expect(await (await post(url, 3_000_000)).text()).toBe("3000000");
  });
});

test("a body that is asked for after the answer says so", async () => {
  const { promise: failure, resolve: fail } = deferred<unknown>();
  const { promise: answered, resolve: answer } = deferred<void>();
  const { url } = await serve((request) => {
    void answered.then(() => request.text()).catch(fail);
    return new Response("answered");
  });
  const response = await fetch(url, { method: "POST", body: "text" });
  expect(await response.text()).toBe("answered");
  answer();

  expect(await failure).toMatchObject({
    message: "The answer was complete before the request body was read.",
  });
});

describe("a body that something before the routes has read", () => {
  const parsers: readonly (readonly [string, (message: IncomingMessage) => Promise<void>])[] = [
    [
      "whole",
      async (message) => {
        for await (const _ of message);
      },
    ],
    ["in part", async (message) => void (await once(message.resume(), "data"))],
  ];

  test.each(parsers)("%s, is not called empty or broken", async (_how, before) => {
    const { url } = await serve(
      async (request) => Response.json(await request.json().catch((error: Error) => error.message)),
      { before },
    );
    const answer = await fetch(url, { method: "POST", body: JSON.stringify({ text: "x".repeat(300_000) }) });
    expect(await answer.json()).toBe(
      "[orbit] The request body was read already, before the request reached the routes: perhaps by a body parser such as express.json(). Let it parse other paths only, or put it behind the routes.",
    );
  });

  test("is nobody's business as long as the handler does not ask for it", async () => {
    const { url } = await serve((request) => new Response(request.method), { before: parsers[0]?.[1] });
    expect(await (await fetch(url, { method: "POST", body: "text" })).text()).toBe("POST");
  });

  test("and that was empty, is empty", async () => {
    const { url } = await serve(async (request) => new Response(`<${await request.text()}>`), {
      before: parsers[0]?.[1],
    });
    const body = new ReadableStream({ start: (controller) => controller.close() });
    const init: RequestInit & { readonly duplex: "half" } = { method: "POST", body, duplex: "half" };
    expect(await (await fetch(url, init)).text()).toBe("<>");
  });
});

describe("a body nobody reads does not hold up the connection", () => {
  test.each([
    ["unread", () => undefined],
    ["touched", (request: Request) => void request.body],
    ["opened", (request: Request) => void request.body?.getReader()],
    ["read once", (request: Request) => request.body?.getReader().read()],
    ["cancelled", (request: Request) => request.body?.cancel()],
    ["cloned", (request: Request) => void request.clone()],
    ["too large", (request: Request) => request.text().catch(() => undefined)],
  ])("a body that is %s", async (_state, use) => {
    const { port } = await serve(async (request) => {
      await use(request);
      return new Response(`${request.method} answered`);
    });
    const connection = await RawConnection.open(port);
    const body = new Uint8Array(5_000_000);
    connection.send("POST / HTTP/1.1", "host: a", `content-length: ${body.byteLength}`, "", "");
    connection.sendBytes(body);
    await connection.until("POST answered");
    connection.send("GET / HTTP/1.1", "host: a", "", "");

    expect(await connection.until("GET answered")).toContain("200 OK");
  });

  test("a GET may have one too", async () => {
    const { port } = await serve((request) => new Response(`${request.url} answered`));
    const connection = await RawConnection.open(port);
    connection.send("GET /1 HTTP/1.1", "host: a", "content-length: 4", "", "body");
    await connection.until("/1 answered");
    connection.send("GET /2 HTTP/1.1", "host: a", "", "");

    expect(await connection.until("/2 answered")).toContain("200 OK");
  });

  test("a client that never stops sending is cut off", async () => {
    const { port } = await serve(() => new Response("answered"));
    const connection = await RawConnection.open(port);
    connection.send("POST / HTTP/1.1", "host: a", "content-length: 1000000000", "", "");
    await connection.until("answered");
    connection.sendBytes(new Uint8Array(20_000_000));

    expect(await connection.closed()).toBe("");
  });
});
