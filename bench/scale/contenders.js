import { fileURLToPath } from "node:url";
import { bunProgram, hasPackage, packageFolder } from "./packages.js";

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {readonly string[]} packages What it needs of the bench's cache folder.
 * @property {Record<string, string>} [links] Packages of the project, by name: the folder of each.
 * @property {boolean} [isOurs]
 * @property {(file: string) => Record<string, string>} [headersFor] How it is told of a save; `*` stands for all files.
 * @property {boolean} hasSideChannel Whether it can be asked what it has used, beside its HTTP path.
 * @property {(projectFiles: readonly string[]) => Record<string, string>} files What it needs in the project.
 * @property {(place: { root: string, port: number }) => { program: string, args: readonly string[], env?: Record<string, string> }} command
 */

const own = (file) => fileURLToPath(new URL(file, import.meta.url));
const viteProgram = own("../../node_modules/vite/bin/vite.js");
const links = (...names) => Object.fromEntries(names.map((name) => [name, packageFolder(name)]));

const asModule = { "package.json": `{ "name": "bench", "type": "module" }` };

function viteCommand({ port }) {
  return {
    program: process.execPath,
    args: [
      viteProgram,
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--strictPort",
      "--clearScreen",
      "false",
    ],
  };
}

function viteWith({ head, plugin, watch = true, logLevel = "info" }) {
  return `${head}
export default {
  logLevel: "${logLevel}",
  plugins: [${plugin}],
  ${watch ? "" : "server: { watch: null },"}
};
`;
}

const orbitHead = `import { apiRoutes } from "orbit-hmr/vite";`;

/** The command that people type. */
const orbiton = {
  name: "orbiton dev",
  isOurs: true,
  packages: [],
  hasSideChannel: false,
  files: () => asModule,
  command: ({ root, port }) => ({
    program: process.execPath,
    args: [
      own("../../dist/cli/orbiton.js"),
      "dev",
      root,
      "--port",
      String(port),
      "--strictPort",
      "--host=127.0.0.1",
    ],
  }),
};

/** The plugin in a Vite of its own. Where processes are compared by what they use, nobody prints. */
function orbitInVite({ name, watch }) {
  return {
    name,
    isOurs: true,
    packages: [],
    hasSideChannel: true,
    files: () => ({
      ...asModule,
      "vite.config.js": viteWith({
        head: orbitHead,
        plugin: "apiRoutes({ hmr: { enableLogging: false } })",
        watch,
        logLevel: "silent",
      }),
    }),
    command: viteCommand,
  };
}

/** What people write by hand: `ssrLoadModule` for each request. A header says what was edited. */
const byHand = {
  name: "Vite by hand",
  headersFor: (file) => ({ "x-edited": file }),
  packages: [],
  hasSideChannel: true,
  files: () => ({
    ...asModule,
    "vite.config.js": viteWith({
      head: `import { routesByHand } from ${JSON.stringify(own("routes-by-hand.js"))};`,
      plugin: "routesByHand()",
      watch: false,
      logLevel: "silent",
    }),
  }),
  command: viteCommand,
};

const hono = {
  name: "@hono/vite-dev-server",
  packages: ["hono", "@hono/vite-dev-server", "@hono/node-server"],
  links: links("hono", "@hono/vite-dev-server"),
  hasSideChannel: true,
  files: (projectFiles) => ({
    ...asModule,
    "vite.config.js": viteWith({
      head: `import { devServer } from "@hono/vite-dev-server/dev-server";`,
      plugin: `devServer({ entry: "app.ts" })`,
    }),
    "app.ts": `import { Hono } from "hono";
${routesOf(projectFiles)
  .map((name) => `import * as ${name} from "./pages/api/${name}.ts";`)
  .join("\n")}
const app = new Hono();
${routesOf(projectFiles)
  .map((name) => `app.get("/api/${name}", (context) => ${name}.GET(context.req.raw));`)
  .join("\n")}
export default app;
`,
  }),
  command: viteCommand,
};

const hotHook = {
  name: "hot-hook + tsx",
  packages: ["hot-hook", "tsx", "hono", "@hono/node-server"],
  links: links("hot-hook", "tsx", "hono", "@hono/node-server"),
  hasSideChannel: false,
  files: (projectFiles) => ({
    "package.json": `{ "name": "bench", "type": "module", "hotHook": { "boundaries": ["./pages/api/**/*.ts"] } }`,
    "server.ts": `import { serve } from "@hono/node-server";
import { Hono } from "hono";
const app = new Hono();
${routesOf(projectFiles)
  .map(
    (name) =>
      `app.get("/api/${name}", async (context) => (await import("./pages/api/${name}.ts", import.meta.hot?.boundary)).GET(context.req.raw));`,
  )
  .join("\n")}
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: "127.0.0.1" });
`,
  }),
  command: ({ port }) => ({
    program: process.execPath,
    args: ["--import", "tsx", "--import", "hot-hook/register", "server.ts"],
    env: { PORT: String(port) },
  }),
};

const bun = {
  name: "bun --hot",
  packages: ["bun"],
  hasSideChannel: false,
  files: (projectFiles) => ({
    ...asModule,
    "server.ts": `${routesOf(projectFiles)
      .map((name) => `import * as ${name} from "./pages/api/${name}.ts";`)
      .join("\n")}
const routes = { ${routesOf(projectFiles).join(", ")} };
Bun.serve({
  port: Number(process.env.PORT),
  hostname: "127.0.0.1",
  fetch: (request) => routes[new URL(request.url).pathname.slice("/api/".length)].GET(request),
});
`,
  }),
  command: ({ port }) => ({
    program: bunProgram(),
    args: ["--hot", "server.ts"],
    env: { PORT: String(port), BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0", DO_NOT_TRACK: "1" },
  }),
};

/** The least that anybody has to do: a watcher, a transform, an evaluation; no graph, no order, no certainty. */
const floor = {
  name: "floor",
  packages: [],
  hasSideChannel: true,
  files: () => asModule,
  command: ({ root, port }) => ({
    program: process.execPath,
    args: [own("floor-server.js"), root, String(port)],
  }),
};

/** @type {Record<string, Contender>} */
const contenders = {
  orbiton,
  orbit: orbitInVite({ name: "orbit-hmr in vite", watch: true }),
  unwatched: orbitInVite({ name: "orbit-hmr in vite, watcher off", watch: false }),
  byHand,
  hono,
  hotHook,
  bun,
  floor,
};

/**
 * The contenders of a figure, without those whose packages could not be had.
 *
 * @param {readonly string[]} names The first one is what the others are beside.
 * @param {readonly string[]} [only] What to leave of the others, by the same names.
 * @returns {Contender[]}
 */
export function available([first, ...others], only) {
  return [first, ...others.filter((name) => only?.includes(name) ?? true)]
    .map((name) => contenders[name])
    .filter(({ name, packages }) => {
      const missing = packages.filter((each) => !hasPackage(each));
      if (missing.length > 0)
        console.error(`\n!!! ${name} is MISSING: ${missing.join(", ")} could not be installed.\n`);
      return missing.length === 0;
    });
}

function routesOf(projectFiles) {
  return projectFiles.flatMap((file) => /^pages\/api\/(\w+)\.ts$/.exec(file)?.[1] ?? []);
}
