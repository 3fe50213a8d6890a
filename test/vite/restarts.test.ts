import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { createProject, route } from "./support/project.ts";
import { serve } from "./support/serve.ts";
import type { Served } from "./support/serve.ts";

/** Clients that ask all the time. */
class Clients {
  count = 0;
  readonly #asking = new AbortController();
  readonly #clients: readonly Promise<void>[];

  constructor({ get }: Served, path: string) {
    const { signal } = this.#asking;
    this.#clients = Array.from({ length: 20 }, async () => {
      for (; !signal.aborted; this.count++) await get(path);
    });
    onTestFinished(async () => this.stop());
  }

  async stop(): Promise<void> {
    this.#asking.abort();
    await Promise.all(this.#clients);
  }
}

test("while Vite restarts, requests wait and connections stay: nobody is refused or cut off", async () => {
  const project = createProject({
    "pages/api/a.ts": `let n = 0; export const GET = () => new Response(String(++n));`,
  });
  const served = await serve(project);
  const asked = new Clients(served, "/api/a");
  for (let restart = 0; restart < 5; restart++) {
    const { count } = asked;
    await vi.waitFor(() => expect(asked.count).toBeGreaterThan(count + 50), { timeout: 15_000 });
    await served.server.restart();
  }
  await asked.stop();
  expect(served.lines.filter((line) => line.includes("in use"))).toEqual([]);
  expect(Number(await served.get("/api/a"))).toBe(asked.count + 1);
});

test("an answer that is on its way when Vite restarts arrives in full", async () => {
  const project = createProject({
    "pages/api/a.ts": `export const GET = () => new Response(new ReadableStream({
      async start(stream) {
        stream.enqueue(new TextEncoder().encode("begin "));
        while (!globalThis.orbitTestEnd) await new Promise((next) => setTimeout(next, 2));
        stream.enqueue(new TextEncoder().encode("end"));
        stream.close();
      },
    }));`,
  });
  const { server, url } = await serve(project);
  Reflect.deleteProperty(globalThis, "orbitTestEnd");
  const response = await fetch(`${url}/api/a`);
  await server.restart();
  Object.assign(globalThis, { orbitTestEnd: true });
  expect(await response.text()).toBe("begin end");
});

test("a connection that rests goes on after a restart, with the checks of the next server", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const { server, url, get } = await serve(project);
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  await once(socket, "connect");
  for (const target of ["/api/a", "http://[/", "/api/a"]) {
    text = "";
    await server.restart();
    socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await vi.waitFor(() => expect(text).toMatch(target.startsWith("/") ? /200 OK/ : /400 Bad/));
  }
  await server.close();
  await vi.waitFor(() => expect(socket.closed).toBe(true));
  await expect(get("/api/a")).rejects.toThrow("fetch failed");
});

test("a restart onto another port listens there, and no longer here", async () => {
  const project = createProject({ "pages/api/a.ts": route("1") });
  const other = await serve(createProject({}));
  await other.server.close();
  const { server, get } = await serve(project);
  server.config.inlineConfig.server = {
    ...server.config.inlineConfig.server,
    port: Number(new URL(other.url).port),
  };
  await server.restart();
  expect(await other.get("/api/a")).toBe("1");
  await expect(get("/api/a")).rejects.toThrow("fetch failed");
});

const counting = (word: string): string =>
  `let n = 0; export const GET = () => Response.json(["${word}", ++n]);`;

test("versions never go backwards: not when Vite restarts, nor when a saved option makes all begin anew, which is told", async () => {
  const project = createProject({ "pages/api/a.ts": counting("one"), ".env": "HMR_DEBOUNCE_MS=30" });
  const served = await serve(project);
  const versions: number[] = [];
  const ask = async (): Promise<unknown> => {
    const { headers, json } = await served.fetch("/api/a");
    versions.push(Number(headers.get("x-orbit-version")));
    return json();
  };
  await ask();
  project.write("pages/api/a.ts", counting("two"));
  expect(await ask()).toEqual(["two", 2]);
  await served.server.restart();
  expect(await ask()).toEqual(["two", 3]);
  project.write(".env", "HMR_DEBOUNCE_MS=40");
  await vi.waitFor(async () => expect((await served.status()).hmr.debounceMs).toBe(40), { timeout: 10_000 });
  expect(await ask()).toEqual(["two", 4]);
  project.write("pages/api/a.ts", counting("three"));
  expect(await ask()).toEqual(["three", 5]);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  expect(new Set(versions).size).toBe(4);
  const notices = served.reports.flatMap((report) => (report.event === "notice" ? [report.message] : []));
  expect(notices).toContain("Other options (hmr.debounceMs): all routes are loaded anew, with their state.");
});

test("Vite says that it restarts when it does, once, also after restarts that nobody announced", async () => {
  const project = createProject({ ".env": "VITE_A=1\nSECRET=1", "pages/api/a.ts": route("1") });
  const { server, lines } = await serve(project);
  for (let restart = 0; restart < 2; restart++) await server.restart();
  const announced = (): readonly string[] => lines.filter((line) => line.includes("restarting server"));
  project.write(".env", "VITE_A=1\nSECRET=2");
  await vi.waitFor(() => expect(process.env["SECRET"]).toBe("2"), { timeout: 15_000 });
  expect(announced()).toEqual([]);
  const { config } = server;
  project.write(".env", "VITE_A=2\nSECRET=2");
  await vi.waitFor(() => expect(server.config).not.toBe(config), { timeout: 15_000 });
  expect(announced()).toHaveLength(1);
});
