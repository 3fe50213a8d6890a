import { COMPUTED } from "./global-names.ts";
import type { GlobalNames } from "./global-names.ts";
import { pathOfMention } from "./globals.ts";
import type { ImportReference, StaticImport } from "./module-analysis.ts";
import { IMPORT_META } from "./module-model.ts";
import type { Mention, ModuleModel } from "./module-model.ts";
import { memberName } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** Any key: somebody hands the environment on, or the key is only known when the code runs. */
const ANY_KEY = "*";

/** Note where a text may read environment variables: as `process.env`, as `import.meta.env`, or by handing either on. */
export function findEnvironment(model: ModuleModel, names: GlobalNames): void {
  for (const mention of model.mentions) {
    const key = environmentKey(model, mention, names);
    if (key !== undefined) model.environment.set(mention, key);
  }
}

/** Whether the text may read environment variables at all. */
export function mentionsEnvironment({ environment, imports }: ModuleModel): boolean {
  return environment.size > 0 || imports.some(importsEnvironment);
}

/** The keys that functions of the text may read when they are called. */
export function environmentReadLater({ environment }: ModuleModel): readonly string[] {
  const keys = [...environment].flatMap(([{ unit }, key]) => (unit.kind === "module" ? [] : [key]));
  return [...new Set(keys)];
}

function environmentKey(model: ModuleModel, mention: Mention, names: GlobalNames): string | undefined {
  const { target, usedBy } = mention;
  if (target.kind === "import") return leadsToEnvironment(model, target.reference) ? ANY_KEY : undefined;
  const [name, member = COMPUTED, key] = pathOfMention(mention, names) ?? [];
  if (name !== "process" && name !== IMPORT_META) return undefined;
  // `process` without a known member may lead anywhere.
  if (member === COMPUTED) return ANY_KEY;
  if (member !== "env") return undefined;
  return key ?? keyAround(model, usedBy) ?? ANY_KEY;
}

/** The `KEY` of `process.env.KEY`, around `process.env`. */
function keyAround({ outerMembers }: ModuleModel, inner: Node | undefined): string | undefined {
  const outer = inner && outerMembers.get(inner);
  return outer && memberName(outer);
}

function leadsToEnvironment({ imports }: ModuleModel, reference: ImportReference): boolean {
  const imported = imports.find(({ index }) => index === reference.import);
  return imported !== undefined && importsEnvironment(imported) && LEADS_TO_IT.has(reference.name);
}

/** What `node:process` exports that leads to the environment. */
const LEADS_TO_IT: ReadonlySet<string> = new Set(["env", "default", "*"]);

function importsEnvironment({ specifier, names }: StaticImport): boolean {
  if (specifier !== "node:process" && specifier !== "process") return false;
  return !names || names.includes("env") || names.includes("default");
}
