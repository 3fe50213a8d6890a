import type { NativeModule, RequiredModule, RuntimeHost } from "../host.ts";
import { staticOrder } from "../model/edges.ts";
import type { Importable, ModuleRecord } from "../model/module-record.ts";
import { linked } from "../model/module-source.ts";
import { ModuleProblem } from "../model/problems.ts";
import { readerOf, readRequired } from "./source.ts";

/** The records of a linker, as far as `require` needs them. */
interface RequiredRecords {
  readonly known: (id: string) => ModuleRecord | undefined;
  readonly create: (found: Exclude<RequiredModule, NativeModule>) => ModuleRecord;
  /** What a url leads to, with its text and that of all that it imports. */
  readonly resolve: (url: string) => Promise<Importable>;
}

/** What `require` finds. It cannot wait, so that ES modules have to be there before it asks for them. */
export class Required {
  readonly #host: RuntimeHost;
  readonly #records: RequiredRecords;

  constructor(host: RuntimeHost, records: RequiredRecords) {
    this.#host = host;
    this.#records = records;
  }

  /** A module, or JSON, be it broken, or what Node loads itself. */
  find(specifier: string, importer: string): ModuleRecord | NativeModule {
    const found = this.#host.require(specifier, importer);
    if (found.kind === "native") return found;
    const known = this.#records.known(found.id);
    if (found.kind === "module") {
      if (known !== undefined && isLinked(known)) return known;
      throw notThere(this.#host.displayPath(found.file), importer);
    }
    const record = known ?? this.#records.create(found);
    // What runs now asks for it for the first time, perhaps: nobody else has brought its text up to date.
    if (linked(record.source) === undefined || record.isOutdated) {
      record.isOutdated = false;
      record.source = readRequired(record, found, readerOf(this.#host, found.file, "commonjs"));
    }
    return record;
  }

  /** Fetch the ES modules that a text may require, and those that the scripts may which it may require. */
  async prepare(module: ModuleRecord, seen: Set<ModuleRecord> = new Set()): Promise<void> {
    const { requires = [] } = linked(module.source)?.analysis.runtimeImports ?? {};
    if (requires.length === 0 && module.prepared.length === 0) return;
    const prepared = await this.#requirable(module, requires, seen.add(module));
    const isSame = prepared.length === module.prepared.length;
    if (isSame && prepared.every((each) => module.prepared.includes(each))) return;
    module.prepared = prepared;
    module.observer.structureChanged();
  }

  /** The ES modules that a text may require, and the scripts that lead to some. */
  async #requirable(
    module: ModuleRecord,
    requires: readonly string[],
    seen: Set<ModuleRecord>,
  ): Promise<readonly ModuleRecord[]> {
    const found = new Set<ModuleRecord>();
    for (const specifier of requires) {
      const target = await this.#mayBeAsked(specifier, module);
      if (target === undefined) continue;
      if (target.isCommonJs && !seen.has(target)) await this.prepare(target, seen);
      if (!target.isCommonJs || target.prepared.length > 0) found.add(target);
    }
    return [...found];
  }

  /** Should it not be there, the code that asks is told. */
  async #mayBeAsked(specifier: string, { file, id }: ModuleRecord): Promise<ModuleRecord | undefined> {
    try {
      const importer = file ?? id;
      const found = this.#host.require(specifier, importer);
      const target =
        found.kind === "module" ? await this.#records.resolve(found.url) : this.find(specifier, importer);
      return target.kind === "project" ? target : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Whether nothing of what a module imports has to be read before it can run. */
function isLinked(module: ModuleRecord): boolean {
  return staticOrder([module]).every(({ source, isOutdated }) => source !== undefined && !isOutdated);
}

function notThere(name: string, importer: string): ModuleProblem {
  return new ModuleProblem({
    kind: "evaluation",
    message: `${name} is an ES module that nobody has loaded, and a computed require() cannot wait for it. Use import(), or write its name.`,
    file: importer,
  });
}
