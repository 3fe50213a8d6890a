import path from "node:path";

/**
 * Routes as people write them on a stock Vite. `x-edited` names the file that was saved, or `*` for all: there is no
 * watcher, so somebody has to say it. Vite invalidates the importers up to the route with it.
 */
export function routesByHand() {
  return {
    name: "routes-by-hand",
    configureServer({ middlewares, ssrLoadModule, environments, config }) {
      const { moduleGraph } = environments.ssr;
      middlewares.use(async (request, response, next) => {
        const url = new URL(request.url, "http://localhost");
        if (!url.pathname.startsWith("/api/")) {
          next();
          return;
        }
        const edited = request.headers["x-edited"];
        if (edited === "*") moduleGraph.invalidateAll();
        else if (edited !== undefined) moduleGraph.onFileChange(path.join(config.root, edited));
        try {
          const module = await ssrLoadModule(`/pages${url.pathname}.ts`);
          const answer = await module[request.method](new Request(url, { method: request.method }));
          response.statusCode = answer.status;
          answer.headers.forEach((value, name) => response.setHeader(name, value));
          response.end(Buffer.from(await answer.arrayBuffer()));
        } catch (error) {
          response.statusCode = 500;
          response.end(String(error?.stack ?? error));
        }
      });
    },
  };
}
