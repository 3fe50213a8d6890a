import { pathToFileURL } from "node:url";
import { compileFunction, constants } from "node:vm";
import { createServer, createServerModuleRunner } from "vite";
import { onTestFinished } from "vitest";
import { createProject } from "./project.ts";
import type { Project } from "./project.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";

/** Files of a program, root-relative. `main.*` exports what is compared as `result`: a value, a promise or a function. */
export type ProgramFiles = Readonly<Record<string, string>>;

/** The route that asks the program. What it throws is an answer as well: by class and code. */
const ROUTE = (main: string): string => `
const namesOf = (error) => error instanceof Error ? { thrown: error.constructor.name, code: error.code } : { thrown: error };
export const GET = async () => {
  try {
    const { result } = await import("../../${main}");
    return Response.json({ result: typeof result === "function" ? await result() : await result });
  } catch (error) {
    return Response.json(namesOf(error));
  }
};`;

/** A program, laid out so that both Node and a server can run it. */
export function createProgram(files: ProgramFiles): Project {
  const main = Object.keys(files).find((name) => name.startsWith("main."));
  if (main === undefined) throw new Error("A program has a main file.");
  return createProject({
    "package.json": `{ "type": "module" }`,
    "pages/api/a.js": ROUTE(main),
    ...files,
  });
}

/** What Node itself answers. */
export async function askNode(project: Project): Promise<unknown> {
  const { GET } = (await nativeImport(project.path("pages/api/a.js"))) as Entry;
  return (await GET()).json();
}

/** What the server answers. */
export async function askServer({ fetch }: Served): Promise<unknown> {
  return (await fetch("/api/a")).json();
}

/** What Vite's own module runner answers. */
export async function askVite(project: Project): Promise<unknown> {
  const { root } = project;
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "silent",
    server: { middlewareMode: true, ws: false, watch: null },
  });
  onTestFinished(async () => server.close());
  const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });
  const { GET } = await runner.import<Entry>("/pages/api/a.js");
  return (await GET()).json();
}

/** The answers of both, in separate folders: what one of them loads is not the other's. */
export async function askBoth(
  files: ProgramFiles,
): Promise<{ readonly node: unknown; readonly server: unknown }> {
  const node = await askNode(createProgram(files));
  const server = await askServer(await serve(createProgram(files), { watch: false }));
  return { node, server };
}

interface Entry {
  readonly GET: () => Promise<Response>;
}

/** Import a file as Node does, and not through the test runner, which transforms what it imports. */
export async function nativeImport(file: string): Promise<unknown> {
  return importInNode(pathToFileURL(file).href);
}

const importInNode = compileFunction("return import(url)", ["url"], {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as (url: string) => Promise<unknown>;
