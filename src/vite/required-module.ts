import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { normalizePath } from "vite";
import { readSettings } from "../disk/project-settings.ts";
import { isOfPackage } from "../protocol/package-files.ts";
import type { RequiredModule } from "../runtime/index.ts";
import { ModuleProblem } from "../runtime/index.ts";
import { stripTypesSync } from "../project/strip-types.ts";
import { transformProblem } from "./transform-problem.ts";

interface RequirePorts {
  /** Called right before a file is read. */
  readonly noteRead: (file: string) => void;
  /** Called right before an import is resolved that names a path. */
  readonly noteResolution: (specifier: string, importer: string) => void;
  /** Packages are files of the project. */
  readonly tracksPackages: boolean;
}

/** Node's own resolution, as `require` has it; files of the project are read here, packages are Node's. */
export function requireModule(
  specifier: string,
  importer: string,
  { noteRead, noteResolution, tracksPackages }: RequirePorts,
): RequiredModule {
  if (/^\.{0,2}\//.test(specifier)) noteResolution(specifier, importer);
  const resolved = createRequire(pathToFileURL(importer)).resolve(specifier);
  const isNodes = isOfPackage(resolved) && (!tracksPackages || OWN_PACKAGE.test(resolved));
  if (!path.isAbsolute(resolved) || isNodes || resolved.endsWith(".node")) return { kind: "native" };
  const file = realpathSync(resolved);
  noteRead(file);
  const code = readFileSync(file, "utf8");
  const id = normalizePath(file);
  if (file.endsWith(".json")) return { kind: "json", id, file, code };
  try {
    return { kind: "commonjs", id, file, code: requiredScript(file, code, importer) };
  } catch (error) {
    return { kind: "broken", id, file, error: transformProblem(error, file, (name) => path.basename(name)) };
  }
}

function requiredScript(file: string, code: string, importer: string): string {
  const isModule = /\.m[jt]s$/.test(file);
  const script = !isModule && /\.c?tsx?$/.test(file) ? stripTypesSync(file, code, "commonjs") : code;
  if (!isModule && !MODULE_SYNTAX.test(script)) return script;
  throw new ModuleProblem({
    kind: "evaluation",
    message: `${path.basename(file)} is an ES module and cannot be required. Use import or import().`,
    file: importer,
  });
}

const MODULE_SYNTAX = /^\s*(import|export)\b(?!\s*\()/m;
const OWN_PACKAGE = /[\\/]node_modules[\\/]orbit-hmr[\\/]/;

/** Packages without `"type": "module"` are scripts, unless they are written for bundlers alone. */
export function isPackageScript(file: string): boolean {
  if (!isOfPackage(file) || !file.endsWith(".js")) return false;
  const type = typeOfPackage(path.dirname(file));
  return type !== "module" && !MODULE_SYNTAX.test(readFileSync(file, "utf8"));
}

function typeOfPackage(folder: string): unknown {
  const manifest = path.join(folder, "package.json");
  if (existsSync(manifest)) return readSettings(manifest)?.["type"];
  return path.basename(path.dirname(folder)) === "node_modules"
    ? undefined
    : typeOfPackage(path.dirname(folder));
}
