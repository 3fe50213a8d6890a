import path from "node:path";
import { createServer } from "vite";
import { apiRoutes } from "orbit-hmr/vite";

const quiet = {
  configFile: false,
  logLevel: "silent",
  clearScreen: false,
  optimizeDeps: { noDiscovery: true },
};

/** orbit-hmr on Vite's server. */
export async function serveWithOrbit(root, { watch = true, hmr = {} } = {}) {
  const server = await createServer({
    ...quiet,
    root,
    plugins: [apiRoutes({ hmr: { enableLogging: false, ...hmr } })],
    server: { port: 0, ...(watch ? {} : { watch: null }) },
  });
  await server.listen();
  return asContender(server);
}

/** What people write by hand: `ssrLoadModule` for each request. */
export async function serveWithStockVite(root, { watch = true } = {}) {
  const server = await createServer({
    ...quiet,
    root,
    appType: "custom",
    plugins: [
      {
        name: "stock-routes",
        configureServer({ middlewares, ssrLoadModule }) {
          middlewares.use(async (request, response, next) => {
            const url = new URL(request.url, "http://localhost");
            if (!url.pathname.startsWith("/api/")) return next();
            try {
              const module = await ssrLoadModule(`/pages${url.pathname}.ts`);
              const answer = await module[request.method](new Request(url, { method: request.method }));
              response.statusCode = answer.status;
              answer.headers.forEach((value, name) => response.setHeader(name, value));
              response.end(Buffer.from(await answer.arrayBuffer()));
            } catch (error) {
              response.statusCode = 500;
              response.end(String(error));
            }
          });
        },
      },
    ],
    server: { port: 0, ...(watch ? {} : { watch: null }) },
  });
  await server.listen();
  return {
    ...asContender(server),
    /** Without a watcher somebody has to say what changed. */
    invalidate(file) {
      server.environments.ssr.moduleGraph.onFileChange(path.join(root, file));
    },
  };
}

function asContender(server) {
  const { port } = server.httpServer.address();
  return { server, origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}
