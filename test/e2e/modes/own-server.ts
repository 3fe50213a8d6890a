import { createServer as createHttpServer } from "node:http";
import type { RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "vite";
import type { InlineConfig, ViteDevServer } from "vite";
import { onTestFinished } from "vitest";
import { apiRoutes } from "../../../src/vite/index.ts";
import type { Project } from "../../vite/support/project.ts";
import { askOf } from "../../vite/support/serve.ts";
import { LASTING_PAGE } from "../restarts/lasting-page.ts";

/** Vite in the middleware of somebody else's server. */
export interface OwnServer extends ReturnType<typeof askOf> {
  readonly vite: ViteDevServer;
  readonly http: Server;
}

/**
 * Serve a project by a server of one's own until the test is finished. The websocket is that server's as well.
 *
 * @param answer what the owner does with requests
 */
export async function serveByOwner(
  project: Project,
  answer: (vite: ViteDevServer) => RequestListener,
  server: InlineConfig["server"] = {},
): Promise<OwnServer> {
  const http = createHttpServer();
  const vite = await createServer({
    root: project.root,
    configFile: false,
    logLevel: "silent",
    appType: "custom",
    plugins: [apiRoutes({ hmr: { debounceMs: 10 } })],
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: { server: http }, ...server },
  });
  http.on("request", answer(vite));
  onTestFinished(async () => {
    await vite.close();
    http.close();
    http.closeAllConnections();
  });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  const { port } = http.address() as AddressInfo;
  return { vite, http, ...askOf(`http://127.0.0.1:${port}`) };
}

/** Answer with the page of a file, finished by Vite. */
export async function sendPage(vite: ViteDevServer, url: string, response: ServerResponse): Promise<void> {
  const html = await vite.transformIndexHtml(url, LASTING_PAGE["index.html"]);
  response.setHeader("content-type", "text/html");
  response.end(html);
}
