import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "vite";
import { onTestFinished } from "vitest";
import { apiRoutes } from "../../../src/vite/index.ts";
import type { Project } from "./project.ts";
import { askOf } from "./serve.ts";

/** Vite in the middleware of somebody else's server, which answers what is left. */
export async function serveInOwnedServer(project: Project): Promise<ReturnType<typeof askOf>> {
  const server = await createServer({
    root: project.root,
    configFile: false,
    logLevel: "silent",
    plugins: [apiRoutes()],
    appType: "custom",
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  const http = createHttpServer((request, response) => {
    server.middlewares(request, response, () => response.end("the owner's answer"));
  });
  onTestFinished(async () => {
    http.close();
    await server.close();
  });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  return askOf(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
}
