import { createRequire } from "node:module";
import path from "node:path";
import { Externals } from "./external.ts";
import type { CreateRequire } from "./external.ts";
import type { FetchedModule, NativeModule, RuntimeHost } from "../host.ts";
import { broken } from "./link-problems.ts";
import { requestsOf } from "../model/late-requests.ts";
import type { LateRequest } from "../model/generation.ts";
import { ModuleGraph } from "../model/module-graph.ts";
import { ModuleRecord } from "../model/module-record.ts";
import type { Importable } from "../model/module-record.ts";
import { hasUnresolvedImport, linked } from "../model/module-source.ts";
import type { UnresolvedImport } from "../model/module-source.ts";
import { createNamespace } from "../model/namespace.ts";
import { ModuleProblem } from "../model/problems.ts";
import { Required } from "./required.ts";
import { followText, linkSource, readerOf, readRequired, readSource, withoutHashbang } from "./source.ts";

/** Finds, transforms and links modules. Nothing that it does evaluates project code. */
export class Linker {
  readonly graph: ModuleGraph = new ModuleGraph();
  readonly #host: RuntimeHost;
  readonly #records = new Map<string, ModuleRecord>();
  readonly #recordsByFile = new Map<string, Set<ModuleRecord>>();
  readonly #recordsByUrl = new Map<string, ModuleRecord>();
  readonly #externals = new Externals((from) => this.projectRequire(from));
  readonly #resolutions = new Map<string, Importable>();
  readonly #underWay = new Map<ModuleRecord, Promise<void>>();
  readonly #required: Required;
  /** What `createRequire` gives to project code. */
  projectRequire: CreateRequire = createRequire;

  constructor(host: RuntimeHost) {
    this.#host = host;
    this.#required = new Required(host, {
      known: (id) => this.#records.get(id),
      create: (found) => this.#createRecord({ ...found, kind: "commonjs" }),
      resolve: async (url) => this.resolve(url, undefined),
    });
  }

  get records(): Iterable<ModuleRecord> {
    return this.#records.values();
  }

  record(id: string): ModuleRecord | undefined {
    return this.#records.get(id);
  }

  recordsOf(file: string): Iterable<ModuleRecord> {
    return this.#recordsByFile.get(file) ?? [];
  }

  /** The modules of an id, a url or a file. */
  recordsNamed(name: string): readonly ModuleRecord[] {
    const named = this.#records.get(name) ?? this.#recordsByUrl.get(name);
    return named === undefined ? [...this.recordsOf(name)] : [named];
  }

  /** Drop everything about a module: nothing reaches it any more. */
  forget(module: ModuleRecord): void {
    this.#records.delete(module.id);
    this.graph.forget(module);
    this.#recordsByUrl.delete(module.url);
    for (const [key, target] of this.#resolutions) if (target === module) this.#resolutions.delete(key);
    if (module.file !== undefined) this.#recordsByFile.get(module.file)?.delete(module);
  }

  /** What specifiers lead to is remembered; after a change of a folder or of package.json it has to be found anew. */
  forgetResolutions(): void {
    this.#resolutions.clear();
  }

  /** The record of an entry, fetched by its url. */
  async entry(url: string): Promise<ModuleRecord> {
    const known = this.#recordsByUrl.get(url);
    if (known !== undefined) return known;
    const found = await this.resolve(url, undefined);
    if (found.kind === "project") return found;
    throw new ModuleProblem({ kind: "unresolved", message: `${url} is not a module of this project.` });
  }

  /** What a specifier leads to. A module that is new comes with its text. */
  async resolve(specifier: string, importer: ModuleRecord | undefined): Promise<Importable> {
    const key = resolutionKey(specifier, importer);
    const known = this.#recordsByUrl.get(specifier) ?? this.#resolutions.get(key);
    if (known !== undefined) return known;
    const found = await this.#find(specifier, importer);
    this.#resolutions.set(key, found);
    return found;
  }

  async #find(specifier: string, importer: ModuleRecord | undefined): Promise<Importable> {
    const fetched = await this.#host.fetch({ specifier, importer: importer?.id, linksHold: false });
    if (fetched.kind === "external") return this.#externals.load(fetched.url, fetched.isCommonJs);
    const record = this.#records.get(fetched.id) ?? this.#createRecord(fetched);
    if (fetched.kind !== "commonjs" && linked(record.source) === undefined && !this.#underWay.has(record)) {
      // A mark that is set from here on means a newer text than the one at hand.
      record.isOutdated = false;
      await this.#once(record, () => this.#readFetched(record, fetched));
    }
    return record;
  }

  /** The module that a specifier has led to before, if it is known. */
  known(specifier: string, importer: ModuleRecord): Importable | undefined {
    return this.#recordsByUrl.get(specifier) ?? this.#resolutions.get(resolutionKey(specifier, importer));
  }

  /** Bring the texts of everything that the entries reach up to date; problems are left in `source`. */
  async linkClosure(entries: readonly ModuleRecord[]): Promise<ReadonlySet<ModuleRecord>> {
    for (;;) {
      const watched = this.graph.watchedFrom(entries);
      const outdated = [...this.graph.roles.dirty].filter(({ isOutdated }) => isOutdated);
      const unread = [...new Set([...outdated, ...this.#underWay.keys()])].filter((module) =>
        watched.has(module),
      );
      if (unread.length === 0) return this.graph.closureOf(entries);
      await Promise.all(unread.map((module) => this.#refresh(module)));
    }
  }

  /** See {@link Required.find}. */
  require(specifier: string, importer: string): ModuleRecord | NativeModule {
    return this.#required.find(specifier, importer);
  }

  /** The modules behind urls that have been evaluated for somebody. */
  #loaded(urls: readonly string[]): readonly ModuleRecord[] {
    if (urls.length === 0) return [];
    return urls.flatMap((url) => this.#recordsByUrl.get(url) ?? []).filter(({ live }) => live !== undefined);
  }

  async #refresh(module: ModuleRecord): Promise<void> {
    const underWay = this.#underWay.get(module);
    if (underWay !== undefined) await underWay;
    if (!module.isOutdated) return;
    await this.#once(module, async () => {
      module.isOutdated = false;
      if (module.isCommonJs) return this.#rereadCommonJs(module);
      return this.#read(module);
    });
  }

  async #read(module: ModuleRecord): Promise<void> {
    try {
      const linksHold = !mayResolveAnew(module);
      const fetched = await this.#host.fetch({ specifier: module.url, importer: undefined, linksHold });
      if (fetched.kind === "external")
        throw new Error(`${module.displayName} is no longer a module of this project.`);
      if (fetched.kind === "commonjs") {
        module.isCommonJs = true;
        return await this.#rereadCommonJs(module);
      }
      await this.#readFetched(module, fetched);
    } catch (error) {
      module.source = broken(module, error);
    }
  }

  /** Texts are read one at a time per module: the newest read decides. */
  async #once(module: ModuleRecord, read: () => Promise<void> | void): Promise<void> {
    const reading = (async () => read())();
    this.#underWay.set(module, reading);
    try {
      await reading;
    } finally {
      if (this.#underWay.get(module) === reading) this.#underWay.delete(module);
    }
  }

  async #readFetched(
    module: ModuleRecord,
    fetched: FetchedModule & { kind: "source" | "broken" },
  ): Promise<void> {
    const before = linked(module.source);
    const resolvesAnew = mayResolveAnew(module);
    if (module.isResolutionOutdated) await this.#resolveRequests(module);
    module.isResolutionOutdated = false;
    if (fetched.kind === "broken") {
      module.source = broken(module, fetched.error);
      return;
    }
    try {
      const reader = readerOf(this.#host, module.file, "module");
      if (before?.code === withoutHashbang(fetched.code) && !resolvesAnew) {
        module.source = { ...before, map: fetched.map, inputs: fetched.inputs };
        followText(module, module.source, reader);
        return;
      }
      const unlinked = readSource(module, fetched, reader);
      followText(module, unlinked, reader);
      const imports = await Promise.all(
        unlinked.analysis.imports.map(({ specifier }) => this.#resolveImport(specifier, module)),
      );
      const { dynamic } = unlinked.analysis.runtimeImports;
      module.source = linkSource(unlinked, imports, () => this.#loaded(dynamic));
      await this.#required.prepare(module);
    } catch (error) {
      module.source = broken(module, error);
    }
  }

  async #resolveImport(specifier: string, module: ModuleRecord): Promise<Importable | UnresolvedImport> {
    try {
      return await this.resolve(specifier, module);
    } catch (error) {
      return { kind: "unresolved", specifier, error };
    }
  }

  /** What running code has asked for may lead elsewhere by now: to a file that is there at last, or not there any more. */
  async #resolveRequests(module: ModuleRecord): Promise<void> {
    for (const [specifier, request] of requestsOf(module)) {
      const target = await this.#resolveRequest(specifier, request, module);
      if (target === request.target) continue;
      request.target = target;
      module.outsideChanges++;
      this.graph.structureChanged();
    }
  }

  async #resolveRequest(
    specifier: string,
    { by }: LateRequest,
    module: ModuleRecord,
  ): Promise<ModuleRecord | undefined> {
    try {
      const found =
        by === "require"
          ? this.require(specifier, module.file ?? module.id)
          : await this.resolve(specifier, module);
      return found.kind === "project" ? found : undefined;
    } catch {
      // It leads nowhere, and who asks is told why.
      return undefined;
    }
  }

  async #rereadCommonJs(module: ModuleRecord): Promise<void> {
    const { file } = module;
    if (module.isResolutionOutdated) await this.#resolveRequests(module);
    module.isResolutionOutdated = false;
    if (file === undefined) return;
    try {
      const found = this.#host.require(file, file);
      if (found.kind === "native") return;
      if (found.kind === "module") {
        module.isCommonJs = false;
        return await this.#read(module);
      }
      const source = readRequired(module, found, readerOf(this.#host, file, "commonjs"));
      if (source !== module.source) module.source = source;
      await this.#required.prepare(module);
    } catch (error) {
      const isGone = error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
      module.source = broken(module, error, isGone ? "unresolved" : "transform");
    }
  }

  #createRecord(fetched: Exclude<FetchedModule, { kind: "external" }>): ModuleRecord {
    const { url } = fetched;
    const record = new ModuleRecord({
      observer: this.graph,
      id: fetched.id,
      url,
      file: fetched.file,
      displayName: this.#host.displayPath(fetched.file ?? fetched.id),
      isCommonJs: fetched.kind === "commonjs",
      isAsset: fetched.kind === "source" && fetched.isAsset === true,
      createNamespace,
    });
    this.#records.set(record.id, record);
    this.graph.add(record);
    this.#recordsByUrl.set(url, record);
    if (record.file !== undefined) {
      const siblings = this.#recordsByFile.get(record.file) ?? new Set();
      this.#recordsByFile.set(record.file, siblings.add(record));
    }
    return record;
  }
}

/** Whether an import may lead elsewhere than the newest text says, be that text the same. */
function mayResolveAnew({ isResolutionOutdated, source }: ModuleRecord): boolean {
  return isResolutionOutdated || linked(source) === undefined || hasUnresolvedImport(linked(source));
}

/** All files of a folder mean the same by a specifier. */
function resolutionKey(specifier: string, importer: ModuleRecord | undefined): string {
  return `${specifier}\0${path.dirname(importer?.file ?? "")}`;
}
