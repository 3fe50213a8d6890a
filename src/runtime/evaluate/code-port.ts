import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { currentContext, liveWorld } from "../model/context.ts";
import { apart } from "../model/late-evaluation.ts";
import type { EvaluationPort } from "./evaluation.ts";
import { HotContext } from "./hot-context.ts";
import type { RuntimeHost } from "../host.ts";
import { ModuleProblem } from "../model/problems.ts";
import { findLinkProblem } from "../link/linker.ts";
import type { Linker } from "../link/linker.ts";
import { staticOrder } from "../model/edges.ts";
import type { Generation } from "../model/generation.ts";
import { Binding } from "../model/module-record.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { environmentView, OutsideReads, unrecorded } from "../inputs/index.ts";
import type { OutsideReaders } from "../inputs/index.ts";
import type { Ownership } from "../ownership/index.ts";
import { EVERYTHING, recordRead } from "../model/reads.ts";
import type { Outcome } from "../update/updates.ts";
import { Transaction } from "./transaction.ts";

interface CodePortInit {
  readonly host: RuntimeHost;
  readonly linker: Linker;
  /** Evaluate a module that has never run, with all that it needs, and nothing else. */
  readonly load: (module: ModuleRecord) => Promise<Outcome>;
  /** The same for one CommonJS file, at once. */
  readonly loadNow: (module: ModuleRecord) => void;
  readonly invalidate: (generation: Generation) => void;
  readonly ownership: Ownership;
  readonly readers: OutsideReaders;
}

/** What project code reaches besides its static imports: `import()`, `require`, `import.meta`. */
export function createCodePort(init: CodePortInit): EvaluationPort {
  const { host, linker } = init;
  const hotPort = {
    send: (event: string, data: unknown) => host.send(event, data),
    invalidate: init.invalidate,
    disposeFailed: ({ module }: Generation, error: unknown) =>
      host.notice({ kind: "dispose-failed", module: module.displayName, error }),
    resolve: (generation: Generation, specifier: string) => resolveDependency(linker, generation, specifier),
  };
  const loadForRequest = async (target: ModuleRecord): Promise<void> => {
    const { unloadable } = target;
    if (unloadable !== undefined) {
      // From now on the importer waits for it: with the next update it is looked at again.
      target.unloadable = undefined;
      throw unloadable;
    }
    if (target.live === undefined) throwProblem(await init.load(target));
  };
  const port: EvaluationPort = {
    onBegin: (generation) => {
      init.ownership.begin(generation);
      generation.outside = new OutsideReads(generation.module, init.readers);
    },
    async dynamicImport(from, specifier) {
      const target = await apart(async () => linker.resolve(specifier, from.module));
      if (target.kind === "external") return target.namespace;
      noteLateImport(from, specifier, target);
      const world = currentContext()?.world;
      if (world instanceof Transaction && world.phase === "open") await loadInside(world, linker, target);
      else await loadForRequest(target);
      return target.namespace;
    },
    require(from, specifier) {
      const file = from.module.file ?? from.module.id;
      const target = unrecorded(() => requireProject(linker, from, specifier));
      if (target === undefined) return unrecorded(() => createRequire(file)(specifier) as unknown);
      noteLateImport(from, specifier, target);
      const world = currentContext()?.world ?? liveWorld;
      recordRead(new Binding(target, EVERYTHING), from, world);
      if (world instanceof Transaction && world.phase === "open") {
        if (target.live === undefined || world.pending.has(target)) world.evaluateNow(target);
      } else if (target.live === undefined) {
        init.loadNow(target);
      }
      return world.generationOf(target)?.locals.get("module.exports")?.();
    },
    resources: init.ownership,
    importMeta: (generation) => createImportMeta(generation, host, new HotContext(generation, hotPort)),
  };
  linker.projectRequire = (from) => createProjectRequire(linker, port, from);
  return port;
}

function requireProject(linker: Linker, from: Generation, specifier: string): ModuleRecord | undefined {
  try {
    return linker.require(specifier, from.module.file ?? from.module.id);
  } catch (error) {
    // Who has asked for a file that does not parse is to run again when it says something else.
    if (error instanceof ModuleProblem && error.file !== undefined)
      from.outside?.noteFile({ asks: "content", path: error.file });
    throw error;
  }
}

/** Part of a transaction: a top level waits for an `import()`. */
async function loadInside(transaction: Transaction, linker: Linker, target: ModuleRecord): Promise<void> {
  await apart(async () => linker.linkClosure([target]));
  const order = staticOrder([target]);
  const problem = findLinkProblem(order);
  if (problem !== undefined) throw problem;
  transaction.add(order.filter((module) => transaction.generationOf(module) === undefined));
  const attempt = await transaction.evaluate(order, async (running) => running);
  if (attempt.status === "failed") throw attempt.failure.problem;
}

/** A module found while code runs is imported by it from now on. */
function noteLateImport(from: Generation, specifier: string, target: ModuleRecord): void {
  if (from.lateImports.get(specifier) === target) return;
  from.lateImports.set(specifier, target);
  target.observer.structureChanged();
  if (from.module.live === from) target.importers.add(from.module);
}

function throwProblem(outcome: Outcome): void {
  if (outcome.status === "failed") throw outcome.problem;
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
    resolve: (specifier: string) => pathToFileURL(createRequire(file).resolve(specifier)).href,
  });
}

/** `createRequire` for project code: project files are modules of the runtime, packages are Node's. */
function createProjectRequire(linker: Linker, port: EvaluationPort, from: string | URL): NodeJS.Require {
  const file = from instanceof URL || from.startsWith("file:") ? fileURLToPath(from) : from;
  const native = createRequire(from);
  const require = (specifier: string): unknown => {
    for (const { live } of linker.recordsOf(file)) {
      const evaluating = currentContext()?.evaluating;
      const owner = evaluating?.module.file === file ? evaluating : live;
      if (owner !== undefined) return port.require(owner, specifier);
    }
    return native(specifier);
  };
  return Object.assign(require, {
    resolve: native.resolve,
    cache: native.cache,
    extensions: native.extensions,
    main: native.main,
  });
}

function resolveDependency(linker: Linker, { module, source }: Generation, specifier: string): string {
  const sites = source?.analysis.imports ?? [];
  const file = path.posix.join(path.posix.dirname(module.file ?? module.id), specifier);
  const site = sites.findIndex((candidate) => candidate.specifier === specifier);
  const target = source?.imports[site];
  if (target?.kind === "project") return target.id;
  for (const record of linker.records) {
    if (record.file === file || record.file?.replace(/\.\w+$/, "") === file) return record.id;
  }
  return specifier;
}
