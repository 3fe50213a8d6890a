import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { serve } from "../support/serve.ts";
import { serveHttp2 } from "./support/http2.ts";
import { createAppProject, FRAMEWORKS } from "./support/node-apps.ts";

const file = "pages/api/[[...path]].ts";

/** What the code of every framework's file opens besides. */
const OPENS = `
  import { createServer } from "node:http";
  const timer = setInterval(() => {}, 60_000);
  const server = createServer().listen(0, "127.0.0.1");`;

/** The apps that the code of a project makes, where it says so, and how often each was closed. */
function recordApps(): { readonly words: string[]; readonly closings: number[] } {
  const words: string[] = [];
  const closings: number[] = [];
  const made = (word: string): number => {
    closings.push(0);
    return words.push(word) - 1;
  };
  const closed = (id: number): void => void (closings[id] = (closings[id] ?? 0) + 1);
  Object.assign(globalThis, { orbitApps: { made, closed } });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, "orbitApps"));
  return { words, closings };
}

// To read all of NestJS from a cold disk may take longer than a module may take to load.
beforeAll(async () => {
  await Promise.all([import("@nestjs/platform-express"), import("@nestjs/platform-fastify")]);
}, 120_000);

describe.for(FRAMEWORKS)("$name, exported as a route's default", ({ name, files }) => {
  test("answers itself: bodies, status, streams, the whole URL", async () => {
    const { fetch, get } = await serve(createAppProject(files("one")));
    expect(await get("/api/hit")).toBe("one 1");
    expect(await get("/api/hit")).toBe("one 2");
    const headers = { "content-type": "application/json" };
    const echo = await fetch("/api/echo", { method: "POST", headers, body: `{"a":[1]}` });
    expect(echo.status).toBe(201);
    expect(echo.json()).toEqual({ got: { a: [1] }, url: "/api/echo" });
    expect(echo.headers.get("x-orbit-version")).toBe("1");
    expect(await get("/api/stream")).toBe("abc");
  });

  test("what it does not answer goes on, and is a JSON 404 in the end", async () => {
    const { fetch } = await serve(createAppProject({ ...files("one"), "public/api/static.txt": "public" }));
    const unknown = await fetch("/api/nobody");
    expect(unknown.status).toBe(404);
    expect(unknown.json()).toMatchObject({ title: "Not Found", detail: "No route answers /api/nobody." });
    expect(unknown.headers.get("x-powered-by")).toBeNull();
    expect((await fetch("/api/static.txt")).text).toBe("public");
    const read = await fetch("/api/nobody", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(read.status).toBe(404);
  });

  test.for(["sync", "async"])(
    "what it throws (%s) is a problem with the place in the source",
    async (kind) => {
      const { fetch, reports } = await serve(createAppProject(files("one")));
      const answer = await fetch(`/api/${kind}`);
      expect(answer.status).toBe(500);
      expect(answer.json()).toMatchObject({
        type: "urn:orbit-hmr:handler-threw",
        file: "lib/fail.ts",
        line: kind === "sync" ? 3 : 4,
      });
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      await vi.waitFor(() =>
        expect(reports.filter(({ event }) => event === "error")).toMatchObject([
          { message: expect.stringContaining("failed") as string },
        ]),
      );
    },
  );

  test("is hot: an edit shows at once, what is kept stays, and what it replaces is closed once", async () => {
    const { words: made, closings } = recordApps();
    const saysSo = name.startsWith("Nest") || name === "Fastify";
    const project = createAppProject(files("one"));
    const { get, fetch, reports } = await serve(project);
    expect(await get("/api/hit")).toBe("one 1");
    const words = ["two", "three", "four", "five", "six"];
    for (const [index, word] of words.entries()) {
      project.write(file, files(word)[file] ?? "");
      expect(await get("/api/hit")).toBe(`${word} ${index + 2}`);
    }
    project.write(file, `${files("six")[file]}\nthrow new Error("broken");`);
    expect((await fetch("/api/hit")).json()).toMatchObject({ type: "urn:orbit-hmr:evaluation" });
    project.write(file, files("six")[file] ?? "");
    expect(await get("/api/hit")).toBe("six 7");
    // One is live. An edit may make several, if it is evaluated aside more than once.
    await vi.waitFor(() => {
      const live = closings.filter((times) => times === 0);
      expect(live).toHaveLength(saysSo ? 1 : 0);
      expect(closings.filter((times) => times > 1)).toEqual([]);
    });
    expect([...new Set(made)]).toEqual(saysSo ? ["one", ...words] : []);
    expect(reports.filter(({ event }) => event === "error")).toHaveLength(1);
  });
});

// Connect and Koa leave it to the program to read bodies, and to say who is at fault.
test.for(FRAMEWORKS.filter(({ name }) => name !== "Connect" && name !== "Koa"))(
  "$name: a fault of the client keeps its status and is no error of the program",
  async ({ files }) => {
    const { fetch, reports } = await serve(createAppProject(files("one")));
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/api/echo", { method: "POST", headers, body: "{" });
    expect(answer.status).toBe(400);
    expect(reports.filter(({ event }) => event === "error")).toEqual([]);
  },
);

test.for(FRAMEWORKS.filter(({ name }) => !name.includes("Express")))(
  "$name answers over HTTP/2 as well",
  async ({ files }) => {
    const ask = await serveHttp2(createAppProject(files("one")));
    expect(await ask("GET", "/api/hit")).toMatchObject({ status: 200, text: "one 1" });
    const echo = await ask("POST", "/api/echo", "[1]");
    expect([echo.status, JSON.parse(echo.text)]).toEqual([201, { got: [1], url: "/api/echo" }]);
    expect((await ask("GET", "/api/sync")).text).toContain(`"file":"lib/fail.ts"`);
    expect((await ask("GET", "/api/nobody")).status).toBe(404);
  },
);

// Express gives requests a prototype of HTTP/1's, and would never answer.
test.for(FRAMEWORKS.filter(({ name }) => name.includes("Express")))(
  "$name says over HTTP/2 that it cannot answer",
  async ({ files }) => {
    const ask = await serveHttp2(createAppProject(files("one")));
    const { status, text } = await ask("GET", "/api/hit");
    expect(status).toBe(500);
    expect(text).toContain("Express answers HTTP/1 only");
  },
);

test.for(FRAMEWORKS)("$name: what its module opens besides is closed with it, once", async ({ files }) => {
  const withOpened = (word: string): Record<string, string> => ({
    ...files(word),
    [file]: `${files(word)[file]}${OPENS.replace("60_000", String(60_000 + word.length))}`,
  });
  const project = createAppProject(withOpened("one"));
  const { get, status, reports } = await serve(project);
  expect(await get("/api/hit")).toBe("one 1");
  const words = ["three", "seven", "eleven"];
  for (const [index, word] of words.entries()) {
    project.write(file, withOpened(word)[file] ?? "");
    expect(await get("/api/hit")).toBe(`${word} ${index + 2}`);
  }
  await vi.waitFor(async () => {
    const { resources } = await status();
    const kinds = resources.filter(({ module }) => module === file).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "timer" || kind === "server").toSorted()).toEqual([
      "server",
      "timer",
    ]);
  });
  expect(reports.filter(({ event }) => event === "error")).toEqual([]);
});
