import { once } from "node:events";
import { connect, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { createServer } from "vite";
import { onTestFinished } from "vitest";
import { apiRoutes } from "../../../../src/vite/index.ts";
import type { Project } from "../../support/project.ts";

/** An answer over HTTP/2. */
export interface Http2Answer {
  readonly status: number;
  readonly allow: string | undefined;
  readonly text: string;
}

/** Serve a project over HTTP/2 until the test is finished. Returns how to ask it: a method as it is, a path, a body. */
export async function serveHttp2(
  project: Project,
): Promise<(method: string, path: string, json?: string) => Promise<Http2Answer>> {
  const server = await createServer({
    root: project.root,
    configFile: false,
    logLevel: "silent",
    plugins: [apiRoutes()],
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  const http = createHttp2Server((incoming, outgoing) => {
    server.middlewares(incoming as never, outgoing as never);
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const client = connect(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    client.destroy();
    http.close();
    await server.close();
  });
  return async (method, path, json) => {
    const type = json === undefined ? {} : { "content-type": "application/json" };
    const stream = client.request(
      { ":method": method, ":path": path, ...type },
      { endStream: json === undefined },
    );
    if (json !== undefined) stream.end(json);
    const [head] = (await once(stream, "response")) as [Record<string, string | number>];
    let text = "";
    for await (const chunk of stream.setEncoding("utf8")) text += String(chunk);
    return { status: Number(head[":status"]), allow: head["allow"]?.toString(), text };
  };
}
