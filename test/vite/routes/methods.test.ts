import { expect, test } from "vitest";
import { RawConnection } from "../../routes/serve.ts";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";
import { serveHttp2 } from "./support/http2.ts";

const ROUTES = {
  "pages/api/get.ts": route(`"read"`),
  "pages/api/any.ts": `export default (request: Request) => new Response(request.method);`,
  "pages/api/traces.ts": `
    export const POST = () => new Response("posted");
    export const TRACE = () => new Response("traced");
    export const CONNECT = () => new Response("connected");`,
  "pages/api/app.ts": `export default { fetch: () => new Response("app") };`,
};

test.each([
  ["/api/get", "GET, HEAD, OPTIONS"],
  ["/api/any", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"],
  ["/api/app", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"],
  // Who exports it has a function that no request can reach.
  ["/api/traces", "POST, OPTIONS"],
])("a method that no web request can have is not allowed at %s, which says what is", async (path, allow) => {
  const { url } = await serve(createProject(ROUTES));
  const connection = await RawConnection.open(Number(new URL(url).port));
  connection.send(`TRACE ${path} HTTP/1.1`, "host: localhost", "", "");
  const answer = await connection.until("}");
  expect(answer).toContain("405 Method Not Allowed");
  expect(answer.toLowerCase()).toContain(`\r\nallow: ${allow.toLowerCase()}\r\n`);
  // The connection serves on.
  connection.send("GET /api/get HTTP/1.1", "host: localhost", "content-length: 4", "", "body");
  await connection.until("read");
});

test("such a method of a path without a route, or of a broken one, is answered like any other", async () => {
  const { url } = await serve(createProject({ "pages/api/broken.ts": "export const GET = (" }));
  const connection = await RawConnection.open(Number(new URL(url).port));
  connection.send("TRACE /api/nobody HTTP/1.1", "host: localhost", "", "");
  expect(await connection.until("}")).toContain("404 Not Found");
  connection.send("TRACE /api/broken HTTP/1.1", "host: localhost", "", "");
  expect(await connection.until("}")).toContain("urn:orbit-hmr:transform");
});

test("methods are what they are over HTTP/2 as well: spelled anew where fetch does, and refused where it refuses", async () => {
  const request = await serveHttp2(createProject(ROUTES));
  const ask = async (method: string, path: string): Promise<string> => {
    const { status, allow, text } = await request(method, path);
    return `${status} ${allow ?? text}`;
  };
  expect(await ask("get", "/api/get")).toBe("200 read");
  expect(await ask("get", "/api/any")).toBe("200 GET");
  expect(await ask("patch", "/api/any")).toBe("200 patch");
  const any = "405 GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
  for (const method of ["TRACE", "trace", "TRACK", "Track"]) expect(await ask(method, "/api/any")).toBe(any);
  expect(await ask("track", "/api/get")).toBe("405 GET, HEAD, OPTIONS");
});
