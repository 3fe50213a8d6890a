import { COMPUTED } from "./global-names.ts";
import type { GlobalNames } from "./global-names.ts";
import { pathOfMention } from "./globals.ts";
import type { StaticImport } from "./module-analysis.ts";
import type { ModuleModel } from "./module-model.ts";

/** Whether the text may read environment variables: as `process.env`, as `import.meta.env`, or by handing either on. */
export function mentionsEnvironment(model: ModuleModel, names: GlobalNames): boolean {
  return (
    model.imports.some(importsEnvironment) ||
    model.mentions.some((mention) => {
      const [name, member = COMPUTED] = pathOfMention(mention, names) ?? [];
      if (name !== "process" && name !== "__vite_ssr_import_meta__") return false;
      // `process` without a known member may lead anywhere.
      return member === COMPUTED || member === "env";
    })
  );
}

function importsEnvironment({ specifier, names }: StaticImport): boolean {
  if (specifier !== "node:process" && specifier !== "process") return false;
  return !names || names.includes("env") || names.includes("default");
}
