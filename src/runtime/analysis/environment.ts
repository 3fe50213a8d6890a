import { COMPUTED } from "./global-names.ts";
import type { GlobalNames } from "./global-names.ts";
import { pathOfMention } from "./globals.ts";
import type { StaticImport } from "./module-analysis.ts";
import { mentionsIn } from "./mentions.ts";
import type { Mention, ModuleModel } from "./module-model.ts";
import type { Region } from "./syntax.ts";

/** Where a text may read environment variables: as `process.env`, as `import.meta.env`, or by handing either on. */
export class EnvironmentUse {
  readonly #model: ModuleModel;
  readonly #mentions: ReadonlySet<Mention>;

  constructor(model: ModuleModel, names: GlobalNames) {
    this.#model = model;
    this.#mentions = new Set(model.mentions.filter((mention) => isEnvironment(model, mention, names)));
  }

  /** Whether the text may read it at all. */
  get isMentioned(): boolean {
    return this.#mentions.size > 0 || this.#model.imports.some(importsEnvironment);
  }

  /** Whether functions of the text may read it when they are called. */
  get isMentionedLater(): boolean {
    return [...this.#mentions].some(({ unit }) => unit.kind !== "module");
  }

  /** Whether one of these pieces of text may read it. */
  isReadIn(regions: readonly Region[]): boolean {
    if (this.#mentions.size === 0) return false;
    return regions.some((region) =>
      mentionsIn(this.#model, region).some((mention) => this.#mentions.has(mention)),
    );
  }
}

function isEnvironment({ imports }: ModuleModel, mention: Mention, names: GlobalNames): boolean {
  if (mention.target.kind === "import") {
    const { reference } = mention.target;
    const imported = imports.find(({ index }) => index === reference.import);
    return imported !== undefined && importsEnvironment(imported) && ENVIRONMENT.has(reference.name);
  }
  const [name, member = COMPUTED] = pathOfMention(mention, names) ?? [];
  if (name !== "process" && name !== "__vite_ssr_import_meta__") return false;
  // `process` without a known member may lead anywhere.
  return member === COMPUTED || member === "env";
}

/** What `node:process` exports that leads to it. */
const ENVIRONMENT: ReadonlySet<string> = new Set(["env", "default", "*"]);

function importsEnvironment({ specifier, names }: StaticImport): boolean {
  if (specifier !== "node:process" && specifier !== "process") return false;
  return !names || names.includes("env") || names.includes("default");
}
