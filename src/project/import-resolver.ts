import { isBuiltin } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ResolverFactory } from "oxc-resolver";

let packages: ResolverFactory | undefined;

/** What Node's `import.meta.resolve` answers, at once: a URL, of a file that need not exist; `undefined` for a package that cannot be had. */
export function resolveAsNode(specifier: string, importer: string): string | undefined {
  const name = specifier.replace(/^node:/, "");
  if (isBuiltin(specifier)) return `node:${name}`;
  if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, pathToFileURL(importer)).href;
  if (/^[A-Za-z][A-Za-z\d+.-]*:/.test(specifier))
    return URL.canParse(specifier) ? new URL(specifier).href : undefined;
  packages ??= new ResolverFactory({
    conditionNames: ["node", "import", "module-sync", "node-addons"],
    mainFields: ["main"],
    extensions: [".js", ".json", ".node"],
  });
  // Packages may have been installed since it was asked last.
  packages.clearCache();
  const { path: found } = packages.sync(path.dirname(importer), specifier);
  return found === undefined ? undefined : pathToFileURL(found).href;
}
