import { readdirSync, readFileSync, watch } from "node:fs";
import http from "node:http";
import path from "node:path";
import { moduleRunnerTransform, transformWithOxc } from "vite";

// Serve a project with as little as possible: each file is transformed and evaluated alone when it is saved, and the
// others see it because they look its exports up when they use them.
const [root, port] = process.argv.slice(2);
const AsyncFunction = (async () => undefined).constructor;
const parameters = [
  "__vite_ssr_import__",
  "__vite_ssr_dynamic_import__",
  "__vite_ssr_exportAll__",
  "__vite_ssr_exportName__",
  "__vite_ssr_import_meta__",
];
const exportsByFile = new Map();
const loading = new Map();

function load(file) {
  const before = loading.get(file);
  if (before !== undefined) return before;
  const loaded = evaluate(file);
  loading.set(file, loaded);
  return loaded;
}

async function evaluate(file) {
  const exports = {};
  const text = readFileSync(file, "utf8");
  if (text === "") throw new Error(`${file} is being written.`);
  const { code } = await transformWithOxc(text, file);
  const transformed = await moduleRunnerTransform(code, null, file, code);
  const importOther = async (specifier) => {
    const other = path.resolve(path.dirname(file), specifier);
    await load(other);
    return new Proxy({}, { get: (_target, name) => exportsByFile.get(other)?.[name] });
  };
  const define = (name, get) =>
    Object.defineProperty(exports, name, { get, enumerable: true, configurable: true });
  const run = new AsyncFunction(...parameters, transformed.code);
  await run(importOther, importOther, () => undefined, define, {});
  return exports;
}

/** A save is two events, and the first one may read half a file: only what was begun last counts. */
async function loadAnew(file) {
  loading.delete(file);
  const loaded = load(file);
  const exports = await loaded;
  if (loading.get(file) === loaded) exportsByFile.set(file, exports);
}

for (const folder of ["lib", "pages/api"].map((name) => path.join(root, name))) {
  const names = readdirSync(folder);
  for (const name of names) await loadAnew(path.join(folder, name));
  watch(folder, (_event, name) => {
    // Half a file is no module: the watcher speaks again when the other half is there.
    loadAnew(path.join(folder, name)).catch(() => undefined);
  });
}

http
  .createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const { GET } = exportsByFile.get(path.join(root, `pages${pathname}.ts`));
    const answer = await GET(new Request(`http://localhost${request.url}`));
    response.setHeader("content-type", "application/json");
    response.end(await answer.text());
  })
  .listen(Number(port), "127.0.0.1");
