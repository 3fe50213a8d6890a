import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { currentContext } from "../model/context.ts";
import { createCache, createCommonJsModule, moduleObjectOf } from "./commonjs.ts";
import type { EvaluationPort } from "./evaluation.ts";
import { HotContext } from "./hot-context.ts";
import type { HotPort } from "./hot-context.ts";
import type { RuntimeHost } from "../host.ts";
import { LateImports } from "./late-imports.ts";
import type { LateImportsInit } from "./late-imports.ts";
import { importError } from "../model/given-errors.ts";
import { importErrorCode } from "../link/import-error-code.ts";
import type { Linker } from "../link/linker.ts";
import type { Generation } from "../model/generation.ts";
import type { AcceptedModule } from "../model/hot-handlers.ts";
import { environmentView, ExternalInputs, unrecorded } from "../inputs/index.ts";
import type { OutsideReaders } from "../inputs/index.ts";
import { Ownership } from "../ownership/index.ts";

interface CodePortInit extends LateImportsInit {
  readonly host: RuntimeHost;
  readonly hot: HotUpdatesPort;
  readonly ownership: Ownership;
  readonly readers: OutsideReaders;
}

/** What `import.meta.hot` asks of those who update modules. */
interface HotUpdatesPort {
  readonly invalidations: Pick<HotPort, "invalidate">;
  readonly events: { noteListener(generation: Generation): void };
}

/** What project code reaches besides its static imports: `import()`, `require`, `import.meta`. */
export function createCodePort(init: CodePortInit): EvaluationPort {
  const { host, linker } = init;
  const hotPort = {
    send: (event: string, data: unknown) => host.send(event, data),
    invalidate: (generation: Generation, message: string | undefined) =>
      init.hot.invalidations.invalidate(generation, message),
    disposeFailed: ({ module }: Generation, error: unknown) =>
      host.notice({ kind: "dispose-failed", module: module.displayName, error }),
    callbackFailed: ({ module }: Generation, error: unknown) =>
      host.notice({ kind: "callback-failed", module: module.displayName, error }),
    leadsTo,
    listens: (generation: Generation) => init.hot.events.noteListener(generation),
  };
  const late = new LateImports(init);
  const port: EvaluationPort = {
    onBegin: (generation) => {
      init.ownership.begin(generation);
      generation.outside = new ExternalInputs(generation.module, init.readers);
    },
    dynamicImport: async (from, specifier) => late.import(from, specifier),
    commonJs: (generation) => {
      const require = requireFor(generation);
      return { module: createCommonJsModule(generation, require), require };
    },
    resources: init.ownership,
    importMeta: (generation) => createImportMeta(generation, host, new HotContext(generation, hotPort)),
  };
  const requireFor = (generation: Generation): NodeJS.Require => {
    const { file, id } = generation.module;
    return createProjectRequire(linker, file ?? id, (specifier) => late.require(generation, specifier));
  };
  linker.projectRequire = (from) => {
    const file = from instanceof URL || from.startsWith("file:") ? fileURLToPath(from) : from;
    return createProjectRequire(linker, file, (specifier) => {
      const owner = generationAt(linker, file);
      return owner === undefined ? createRequire(file)(specifier) : late.require(owner, specifier);
    });
  };
  return port;
}

function createImportMeta(generation: Generation, host: RuntimeHost, hot: HotContext): object {
  generation.hot = hot;
  const { file, id } = generation.module;
  const meta: Record<string, unknown> = { hot };
  let baked: object = {};
  // The transform writes the environment of the server's start into the text; the host knows today's.
  Object.defineProperty(meta, "env", {
    enumerable: true,
    get: () => environmentView(() => unrecorded(() => host.importMetaEnv(baked))),
    set: (value: object) => {
      baked = value;
    },
  });
  if (file === undefined) return Object.assign(meta, { url: id });
  const url = pathToFileURL(file).href;
  return Object.assign(meta, {
    url,
    filename: file,
    dirname: path.dirname(file),
    resolve: (specifier: string) => resolveForCode(host, "".concat(specifier), file),
  });
}

/** `import.meta.resolve`. */
function resolveForCode(host: RuntimeHost, specifier: string, file: string): string {
  const found = host.resolveAsNode(specifier, file);
  if (found !== undefined) return found;
  const message = `Cannot find ${JSON.stringify(specifier)}, imported from ${host.displayPath(file)}.`;
  throw importError(message, importErrorCode(specifier, file));
}

/** `require` for project code: project files are modules of the runtime, packages are Node's. */
function createProjectRequire(
  linker: Linker,
  file: string,
  load: (specifier: string) => unknown,
): NodeJS.Require {
  const { resolve, cache, extensions, main } = createRequire(file);
  return Object.assign((specifier: string) => load(specifier), {
    resolve,
    cache: createCache(cache, (key) => moduleObjectOf(generationAt(linker, key))),
    extensions,
    main,
  });
}

/** The generation of a file that runs now, or the one that is live. */
function generationAt(linker: Linker, file: string): Generation | undefined {
  const evaluating = currentContext()?.evaluating;
  if (evaluating?.module.file === file) return evaluating;
  for (const { live } of linker.recordsOf(file)) if (live !== undefined) return live;
  return undefined;
}

/** Whether a specifier of a module leads to another one: as its imports say, or else by the path. */
function leadsTo(generation: Generation, specifier: string, target: AcceptedModule): boolean {
  const { module, source, lateImports } = generation;
  const site = source.analysis.imports.findIndex((candidate) => candidate.specifier === specifier);
  const imported = source.imports[site] ?? lateImports.get(specifier);
  if (imported !== undefined) return imported === target;
  if (specifier === target.url || specifier === target.id) return true;
  const file = path.posix.join(path.posix.dirname(module.file ?? module.id), specifier);
  return target.file === file || target.file?.replace(/\.\w+$/, "") === file;
}

/** What generations open is theirs, unless `"no hot resources"` stands in their text. */
export function ownershipOf(linker: Linker): Ownership {
  return new Ownership({
    live: () => [...linker.records].flatMap(({ live }) => live ?? []),
    isOptedOut: ({ source }) => /^\s*(["'])no hot resources\1/m.test(source.code),
  });
}
