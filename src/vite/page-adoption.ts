import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { isCSSRequest } from "vite";
import type { DevEnvironment, ViteDevServer } from "vite";
import { savedAt } from "../disk/file-kind.ts";
import type { LoadedFile, Registration } from "../protocol/page-wire.ts";
import { madePageOf } from "./made-pages.ts";
import { isOtherText } from "./page-texts.ts";

/** What a page has, and the server behind it now has never been asked for. */
interface Adopted {
  /** Why the page has to be loaded again. */
  readonly reload: string | undefined;
  /** Files that were saved since the page has loaded them, and its own where another page is made of that now. */
  readonly saved: readonly string[];
}

/**
 * Get to know what a page has loaded from the server before this one: Vite updates only what it has transformed itself. What
 * this server would give otherwise, although nobody has saved it, only loading the page again can mend.
 *
 * @param given digests of what the server before has given, by URL
 */
export async function adoptPage(
  server: ViteDevServer,
  page: Registration,
  given: ReadonlyMap<string, string>,
): Promise<Adopted> {
  const environment = server.environments.client;
  // First: it makes all scripts that stand in the page forget what they were.
  const other = (await isOtherText(server, page)) ? [path.join(server.config.root, page.html ?? "")] : [];
  const files = (page.loaded ?? []).flatMap((file) => {
    const url = withoutBase(file.url, server.config.base);
    return url === undefined || isOwn(url) ? [] : [{ ...file, url }];
  });
  const foreign = files.find(({ url }) => !isKnownPackage(environment, url));
  if (foreign !== undefined) return { reload: "Packages were made anew for the browser.", saved: [] };
  await transformPages(server, files);
  const modules = files.filter(({ url }) => isTransformed(url) && !isPackage(environment, url));
  const results = await Promise.all(modules.map(async (file) => readAnew(environment, file, given)));
  const saved = results.flatMap((result) => (result.kind === "saved" ? [result.file] : []));
  const changed = results.find(({ kind }) => kind === "other");
  const reload = changed === undefined ? undefined : `${changed.url} is made otherwise now.`;
  return { reload, saved: [...saved, ...other] };
}

type ReadAnew =
  | { readonly kind: "same" | "other"; readonly url: string }
  | { readonly kind: "saved"; readonly url: string; readonly file: string };

async function readAnew(
  environment: DevEnvironment,
  { url, ago, isStyle }: LoadedFile,
  given: ReadonlyMap<string, string>,
): Promise<ReadAnew> {
  const askedAt = Date.now() - ago;
  const name = moduleNameOf(url, isStyle);
  let code: string | undefined;
  try {
    code = (await environment.transformRequest(name))?.code;
  } catch {
    // It is broken, and whoever saved it hears of that. Vite knows it from now on.
  }
  const module = await environment.moduleGraph.getModuleByUrl(name);
  if (module === undefined) return { kind: "same", url };
  const { file } = module;
  const at = file === null ? 0 : savedAt(file);
  if (file !== null && at > askedAt) return { kind: "saved", url, file };
  const before = given.get(module.url);
  const now = digestOf(code);
  const isSame = before === undefined || now === undefined || before === now;
  return { kind: isSame ? "same" : "other", url };
}

/** Digests of what browsers were given by a server, by URL. */
export function digestsOf({ environments }: ViteDevServer): ReadonlyMap<string, string> {
  const modules = [...environments.client.moduleGraph.urlToModuleMap];
  return new Map(
    modules.flatMap(([url, { transformResult }]) => {
      // What was saved since it was given is unknown until somebody asks for it.
      const digest = digestOf(transformResult?.code);
      return digest === undefined ? [] : [[url, digest] as const];
    }),
  );
}

function digestOf(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  // What only says how new something is.
  const text = code.replaceAll(/[?&]t=\d+/g, "");
  return createHash("sha1").update(text).digest("base64").slice(0, 12);
}

/** Pages that each server has transformed for those who had them before. */
const pagesTransformed = new WeakMap<object, Map<string, Promise<void>>>();

/** Scripts that stand in a page are known to Vite by the page. */
async function transformPages(server: ViteDevServer, files: readonly LoadedFile[]): Promise<void> {
  const { root } = server.config;
  const transformed = pagesTransformed.get(server.config) ?? new Map<string, Promise<void>>();
  pagesTransformed.set(server.config, transformed);
  for (const { url } of files) {
    const name = /^(.+)\?html-proxy\b/.exec(url)?.[1];
    if (name === undefined) continue;
    const made = madePageOf(root, url);
    const key = made?.url ?? name;
    // Once: it makes all of them forget what they were.
    const transforming = transformed.get(key) ?? transformPage(server, name, made);
    transformed.set(key, transforming);
    await transforming;
  }
}

async function transformPage(
  server: ViteDevServer,
  name: string,
  made: ReturnType<typeof madePageOf>,
): Promise<void> {
  try {
    const html = made?.html ?? readFileSync(path.join(server.config.root, name), "utf8");
    await server.transformIndexHtml(made?.url ?? name, html);
  } catch {
    // Nobody knows it any more: it is made anew when somebody asks for it.
  }
}

function withoutBase(url: string, base: string): string | undefined {
  if (base === "/" || !base.startsWith("/")) return url;
  return url.startsWith(base) ? url.slice(base.length - 1) : undefined;
}

/** Vite's own client and ours, which do the same for each server. What Vite defines for pages is beside its client. */
function isOwn(url: string): boolean {
  return /^\/@(?:vite|orbit)\//.test(url) || url.includes("/vite/dist/client/client.mjs");
}

/** What Vite transforms, by the address at which browsers ask for it. */
function isTransformed(url: string): boolean {
  return (
    /\.(?:[cm]?[jt]sx?|vue|marko|svelte|astro|imba|mdx)(?:$|\?)/.test(url) ||
    /[?&](?:html-proxy|import|raw|url|worker)\b/.test(url) ||
    url.startsWith("/@id/") ||
    isCSSRequest(url)
  );
}

/** The name of a module, as Vite knows it. */
function moduleNameOf(url: string, isStyle: boolean): string {
  const id = url.replace(/^\/@id\//, "").replace("__x00__", "\0");
  const name = id.replace(/([?&])import=?(?:&|$)/, "$1").replace(/[?&]$/, "");
  // A stylesheet that a page links is another module than the same that a script imports.
  if (!isStyle || !isCSSRequest(name) || /[?&]direct\b/.test(name)) return name;
  return `${name}${name.includes("?") ? "&" : "?"}direct`;
}

function isPackage({ depsOptimizer }: DevEnvironment, url: string): boolean {
  return depsOptimizer !== undefined && /[?&]v=\w+/.test(url) && url.includes("/deps/");
}

function isKnownPackage(environment: DevEnvironment, url: string): boolean {
  if (!isPackage(environment, url)) return true;
  const hash = /[?&]v=(\w+)/.exec(url)?.[1];
  const { browserHash, optimized, discovered, chunks } = environment.depsOptimizer?.metadata ?? {};
  const all = [optimized, discovered, chunks].flatMap((each) => Object.values(each ?? {}));
  return hash === browserHash || all.some((each) => each.browserHash === hash);
}
