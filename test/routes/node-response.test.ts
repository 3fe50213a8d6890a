import { once } from "node:events";
import { connect as connectHttp2, constants, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { createServer } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { toNodeListener } from "../../src/routes/node-adapter.ts";
import { sendWebResponse } from "../../src/routes/node-response.ts";
import { RawConnection, deferred, serve } from "./serve.ts";
import type { Answer } from "./serve.ts";

function enqueueMegabyte(controller: ReadableStreamDefaultController<Uint8Array>): void {
  controller.enqueue(new Uint8Array(1_000_000));
}

function enqueueLetters(controller: ReadableStreamDefaultController<Uint8Array>): void {
  for (const letter of ["a", "b", "c"]) controller.enqueue(encode(letter));
  controller.close();
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

test("status, status text and headers arrive", async () => {
  const { url } = await serve(
    () => new Response("text", { status: 418, statusText: "Teapot", headers: { a: "b" } }),
  );
  const response = await fetch(url);

  expect([response.status, response.statusText, response.headers.get("a")]).toEqual([418, "Teapot", "b"]);
});

test("cookies and Vary go on where earlier middleware ended", async () => {
  const server = createServer((incoming, outgoing) => {
    outgoing.setHeader("set-cookie", "earlier=1").setHeader("vary", "Origin").setHeader("x-kept", "yes");
    const headers = new Headers({ vary: "Accept" });
    headers.append("set-cookie", "a=1; Path=/");
    headers.append("set-cookie", "b=2");
    void sendWebResponse(new Response(null, { headers }), { incoming, outgoing });
  });
  server.listen(0);
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { headers } = await fetch(`http://localhost:${(server.address() as AddressInfo).port}`);

  expect(headers.getSetCookie()).toEqual(["earlier=1", "a=1; Path=/", "b=2"]);
  expect(headers.get("vary")).toBe("Origin, Accept");
  expect(headers.get("x-kept")).toBe("yes");
});

test("HEAD sends the head only and stops the stream", async () => {
  const cancel = vi.fn<() => void>();
  const { port } = await serve(() => new Response(new ReadableStream({ cancel }), { headers: { a: "b" } }));
  const connection = await RawConnection.open(port);
  connection.send("HEAD / HTTP/1.1", "host: a", "connection: close", "", "");

  const answer = await connection.closed();
  expect(answer).toContain("a: b");
  expect(answer).toMatch(/\r\n\r\n$/);
  expect(cancel).toHaveBeenCalledOnce();
});

describe("a body that is there at once goes out in one piece, with its length", () => {
  test.each<[string, () => BodyInit, string]>([
    ["text", () => "naïve ✓", "naïve ✓"],
    ["no text", () => "", ""],
    ["bytes", () => encode("bytes"), "bytes"],
    ["much text", () => "x".repeat(100_000), "x".repeat(100_000)],
    ["a form", () => new URLSearchParams({ a: "b" }), "a=b"],
  ])("%s", async (_kind, body, text) => {
    const { url } = await serve(() => new Response(body()));
    const response = await fetch(url);

    expect(response.headers.get("content-length")).toBe(String(encode(text).byteLength));
    expect(response.headers.get("transfer-encoding")).toBeNull();
    expect(await response.text()).toBe(text);
  });

  test("every byte as it is", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { url } = await serve(() => new Response(bytes));

    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(bytes);
  });

  test("a stream whose bytes come in several pieces is none", async () => {
    const { url } = await serve(() => new Response(new ReadableStream({ start: enqueueLetters })));
    const response = await fetch(url);

    expect(response.headers.get("content-length")).toBeNull();
    expect(await response.text()).toBe("abc");
  });
});

describe("a stream streams", () => {
  test("the head arrives before the first chunk and each chunk before the next", async () => {
    const { promise: started, resolve: start } = deferred<ReadableStreamDefaultController<Uint8Array>>();
    const { url } = await serve(() => new Response(new ReadableStream({ start })));
    const response = await fetch(url);
    const controller = await started;
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();

    controller.enqueue(encode("data: 1\n\n"));
    expect((await reader?.read())?.value).toBe("data: 1\n\n");
    controller.enqueue(encode("data: 2\n\n"));
    expect((await reader?.read())?.value).toBe("data: 2\n\n");
    controller.close();
    expect((await reader?.read())?.done).toBe(true);
  });

  test("a slow client slows the stream down", async () => {
    let pulled = 0;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      pulled += 1;
      enqueueMegabyte(controller);
    };
    const { port } = await serve(() => new Response(new ReadableStream({ pull })));
    const connection = await RawConnection.open(port);
    connection.stall();
    connection.send("GET / HTTP/1.1", "host: a", "", "");

    let before = 0;
    await vi.waitUntil(() => {
      const isHeldBack = pulled > 0 && pulled === before;
      before = pulled;
      return isHeldBack;
    });
    expect(pulled).toBeLessThan(100);
  });

  test("binary arrives byte by byte", async () => {
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) % 256);
    const { url } = await serve(() => new Response(bytes));

    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(bytes)).toBe(true);
  });
});

describe("a client that leaves", () => {
  test("aborts the request's signal while the handler works", async () => {
    const { promise: reason, resolve } = deferred<unknown>();
    const { promise: arrived, resolve: arrive } = deferred<void>();
    const { port } = await serve((request) => {
      request.signal.addEventListener("abort", () => resolve(request.signal.reason));
      arrive();
      return new Promise(() => undefined);
    });
    const connection = await RawConnection.open(port);
    connection.send("GET / HTTP/1.1", "host: a", "", "");
    await arrived;
    connection.leave();

    expect(await reason).toMatchObject({ name: "AbortError", message: "The client left." });
  });

  test("aborts the signal of a clone too", async () => {
    const { promise: aborted, resolve: abort } = deferred<string>();
    const { promise: arrived, resolve: arrive } = deferred<void>();
    const { port } = await serve((request) => {
      request.clone().signal.addEventListener("abort", () => abort("aborted"));
      arrive();
      return new Promise(() => undefined);
    });
    const connection = await RawConnection.open(port);
    connection.send("GET / HTTP/1.1", "host: a", "", "");
    await arrived;
    connection.leave();

    expect(await aborted).toBe("aborted");
  });

  test("cancels the stream of the answer", async () => {
    const { promise: cancelled, resolve: cancel } = deferred<string>();
    const { port, errors } = await serve(() => {
      const source = {
        start: (controller: ReadableStreamDefaultController) => controller.enqueue(encode("first")),
        cancel: () => cancel("cancelled"),
      };
      return new Response(new ReadableStream(source));
    });
    const connection = await RawConnection.open(port);
    connection.send("GET / HTTP/1.1", "host: a", "", "");
    await connection.until("first");
    connection.leave();

    expect(await cancelled).toBe("cancelled");
    expect(errors).toEqual([]);
  });

  test("is no error, whatever the handler makes of it", async () => {
    const { promise: finished, resolve: finish } = deferred<void>();
    const { promise: arrived, resolve: arrive } = deferred<void>();
    const { port, errors } = await serve(async ({ signal }) => {
      arrive();
      signal.addEventListener("abort", () => setImmediate(finish));
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const connection = await RawConnection.open(port);
    connection.send("GET / HTTP/1.1", "host: a", "", "");
    await arrived;
    connection.leave();
    await finished;

    expect(errors).toEqual([]);
  });

  test("cancels the stream of the answer while the stream waits for the client", async () => {
    const { promise: cancelled, resolve: cancel } = deferred<string>();
    const { port } = await serve(() => {
      const source = { pull: enqueueMegabyte, cancel: () => cancel("cancelled") };
      return new Response(new ReadableStream(source));
    });
    const connection = await RawConnection.open(port);
    connection.send("GET / HTTP/1.1", "host: a", "", "");
    await connection.until("200 OK");
    connection.leave();

    expect(await cancelled).toBe("cancelled");
  });

  test("fails the body that is still being read", async () => {
    const { promise: failure, resolve: fail } = deferred<unknown>();
    const { promise: arrived, resolve: arrive } = deferred<void>();
    const { port } = await serve(async (request) => {
      const text = request.text();
      arrive();
      await text.catch(fail);
      return new Response("nobody reads this");
    });
    const connection = await RawConnection.open(port);
    connection.send("POST / HTTP/1.1", "host: a", "content-length: 100", "", "half");
    await arrived;
    connection.leave();

    expect(await failure).toBeInstanceOf(Error);
  });
});

test("a signal does not abort when the answer is complete", async () => {
  const { promise: signal, resolve } = deferred<AbortSignal>();
  const { port } = await serve((request) => {
    resolve(request.signal);
    return new Response("answered");
  });
  const connection = await RawConnection.open(port);
  connection.send("GET / HTTP/1.1", "host: a", "connection: close", "", "");
  await connection.closed();

  expect((await signal).aborted).toBe(false);
});

describe("an answer that fails", () => {
  test("is cut off midway instead of looking whole", async () => {
    const { promise: started, resolve: start } = deferred<ReadableStreamDefaultController<Uint8Array>>();
    const { port, errors } = await serve(() => new Response(new ReadableStream({ start })));
    const connection = await RawConnection.open(port);
    connection.send("GET / HTTP/1.1", "host: a", "", "");
    const controller = await started;
    controller.enqueue(encode("first"));
    await connection.until("first");
    controller.error(new Error("disk is gone"));

    expect(await connection.closed()).not.toContain("0\r\n\r\n");
    expect(errors).toEqual([new Error("disk is gone")]);
  });

  test("is a 500 as long as nothing was sent", async () => {
    const { url, errors } = await serve(() => {
      const stream = new ReadableStream({
        start: (controller) => controller.error(new Error("disk is gone")),
      });
      return new Response(stream, { headers: { "x-half": "yes" } });
    });
    const response = await fetch(url);

    expect([response.status, response.headers.get("x-half")]).toEqual([500, null]);
    expect(await response.json()).toMatchObject({
      detail: "The server could not answer. The reason is in its log.",
    });
    expect(errors).toEqual([new Error("disk is gone")]);
  });

  test.each([
    ["a thrown error", () => Promise.reject(new Error("secret path /home/me"))],
    [
      "a body that was already read",
      async () => {
        const response = new Response("text");
        await response.text();
        return response;
      },
    ],
    ["Response.error()", () => Response.error()],
  ])("is a 500 that keeps the reason on the server: %s", async (_case, answer) => {
    const { url, errors } = await serve(answer);
    const response = await fetch(url);

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(errors).toHaveLength(1);
  });

  test("is sent once: the second time it is an error", async () => {
    const response = new Response("text");
    const { url, errors } = await serve(() => response);

    expect(await (await fetch(url)).text()).toBe("text");
    expect((await fetch(url)).status).toBe(500);
    expect(errors).toEqual([
      new TypeError(
        "[orbit] Expected a Response whose body is unread, got one that was already read or sent.",
      ),
    ]);
  });
});

/** One exchange over HTTP/2: the headers, the body, and the code the stream was closed with. */
async function exchange(answer: Answer, body = ""): Promise<Record<string, unknown>> {
  const listener = toNodeListener(answer, { onError: () => undefined });
  const server = createHttp2Server((incoming, outgoing) => void listener(incoming, outgoing));
  server.listen(0);
  await once(server, "listening");
  const client = connectHttp2(`http://localhost:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const stream = client.request({ ":path": "/x", ":method": body === "" ? "GET" : "POST" });
  stream.setEncoding("utf8");
  if (body !== "") stream.end(body);
  const closed = new Promise((resolve) => stream.on("error", resolve).on("close", resolve));
  let text = "";
  stream.on("data", (chunk: string) => (text += chunk));
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  await closed;
  return { ...headers, text, code: stream.rstCode };
}

describe("HTTP/2", () => {
  test("requests and answers are the same", async () => {
    const answer = await exchange(async (request) => {
      const headers = new Headers({ "x-url": request.url.replace(/\d+/, "0"), "x-ip": request.ip ?? "" });
      headers.append("set-cookie", "a=1");
      headers.append("set-cookie", "b=2");
      return new Response(`${request.method} ${await request.text()}`, { headers, statusText: "Ignored" });
    }, "body");

    expect(answer).toMatchObject({
      ":status": 200,
      "x-url": "http://localhost:0/x",
      "set-cookie": ["a=1", "b=2"],
      text: "POST body",
      code: 0,
    });
  });

  test("a body nobody reads is discarded", async () => {
    expect(await exchange(() => new Response("answered"), "x".repeat(5_000_000))).toMatchObject({
      text: "answered",
    });
  });

  test("an answer that fails midway is reset", async () => {
    let isFirst = true;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      if (isFirst) {
        isFirst = false;
        return controller.enqueue(encode("first"));
      }
      await nextTurn();
      controller.error(new Error("disk is gone"));
    };
    const answer = await exchange(() => new Response(new ReadableStream({ pull }, { highWaterMark: 0 })));

    expect(answer).toMatchObject({ ":status": 200, code: constants.NGHTTP2_INTERNAL_ERROR });
  });
});
