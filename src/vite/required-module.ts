import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { normalizePath, parseSync } from "vite";
import { readSettings } from "../disk/project-settings.ts";
import { isOfPackage } from "../protocol/package-files.ts";
import type { RequiredModule } from "../runtime/index.ts";
import { ModuleProblem } from "../runtime/index.ts";
import { stripTypesSync } from "../project/strip-types.ts";
import type { StrippedText } from "../project/strip-types.ts";
import { frameOf } from "../session/code-frame.ts";
import { placeAt } from "../protocol/text-position.ts";
import type { TextPosition } from "../protocol/text-position.ts";
import { transformProblem } from "./transform-problem.ts";

interface RequirePorts {
  /** Called right before a file is read. */
  readonly noteRead: (file: string) => void;
  /** Called right before an import is resolved that names a path. */
  readonly noteResolution: (specifier: string, importer: string) => void;
  readonly urlOf: (file: string) => string;
  /** Packages are files of the project. */
  readonly tracksPackages: boolean;
}

/** Node's own resolution, as `require` has it; files of the project are read here, packages are Node's. */
export function requireModule(
  specifier: string,
  importer: string,
  { noteRead, noteResolution, urlOf, tracksPackages }: RequirePorts,
): RequiredModule {
  if (specifier.startsWith("node:")) return { kind: "native", name: specifier };
  if (/^\.{0,2}\//.test(specifier)) noteResolution(specifier, importer);
  const resolved = resolveRequired(specifier, importer);
  // This package may be linked, and there is one of it.
  const isOwn = OWN_PACKAGE.test(specifier) || OWN_FILE.test(resolved);
  const isNodes = isOwn || (isOfPackage(resolved) && !tracksPackages);
  if (!path.isAbsolute(resolved) || isNodes || resolved.endsWith(".node"))
    return { kind: "native", name: resolved };
  const file = realpathSync(resolved);
  noteRead(file);
  const code = readFileSync(file, "utf8");
  const named = { id: normalizePath(file), url: urlOf(file), file };
  if (file.endsWith(".json")) return { kind: "json", ...named, code };
  try {
    const script = requiredScript(file, code);
    return script === undefined ? { kind: "module", ...named } : { kind: "commonjs", ...named, ...script };
  } catch (error) {
    const problem = transformProblem(error, file, (name) => path.basename(name));
    return { kind: "broken", ...named, error: problem };
  }
}

/** Node's answer. Where it has none, TypeScript may ask by the name that a file will have, or leave out its ending. */
function resolveRequired(specifier: string, importer: string): string {
  const { resolve } = createRequire(pathToFileURL(importer));
  try {
    return resolve(specifier);
  } catch (error) {
    const isAsked = /\.[cm]?tsx?$/.test(importer) && /^\.{0,2}\//.test(specifier);
    const asked = path.resolve(path.dirname(importer), specifier);
    const found = isAsked ? typedNames(asked).find((name) => existsSync(name)) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

function typedNames(asked: string): readonly string[] {
  const written = /^(.+)\.(c?)js(x?)$/.exec(asked);
  if (written !== null) return [`${written[1]}.${written[2]}ts${written[3]}`];
  return [".ts", ".cts", ".tsx", "/index.ts", "/index.cts"].map((ending) => asked + ending);
}

/** The text of a file as a script; `undefined` if it is that of an ES module. */
function requiredScript(file: string, text: string): (Partial<StrippedText> & { code: string }) | undefined {
  if (/\.m[jt]s$/.test(file)) return undefined;
  const script = /\.c?tsx?$/.test(file) ? stripTypesSync(file, text, "commonjs") : { code: text };
  if (!hasModuleSyntax(file, script.code)) return script;
  if (!/\.c[jt]s$/.test(file)) return undefined;
  const place = placeOfModuleSyntax(file, text);
  throw new ModuleProblem({
    kind: "transform",
    message: `${path.basename(file)} is CommonJS by its name, and what stands here is the syntax of ES modules. ${adviceFor(file)}`,
    file,
    position: place,
    frame: frameOf(file, place),
  });
}

/** Where the first import or export stands that is more than a type. */
function placeOfModuleSyntax(file: string, text: string): TextPosition | undefined {
  const { staticImports, staticExports } = parseSync(file, text).module;
  const starts = [...staticImports, ...staticExports].flatMap(({ start, entries }) =>
    entries.length > 0 && entries.every(({ isType }) => isType) ? [] : [start],
  );
  return starts.length === 0 ? undefined : placeAt(text, Math.min(...starts));
}

function adviceFor(file: string): string {
  return file.endsWith(".cts")
    ? "Write `import x = require(…)` and `export =`, or name the file .mts."
    : "Write `require(…)` and `module.exports`, or name the file .mjs.";
}

/** Looks like an import or an export; a comment or a string may look so too. */
const MODULE_SYNTAX = /^\s*(import|export)\b(?!\s*\()/m;

function hasModuleSyntax(file: string, code: string): boolean {
  return MODULE_SYNTAX.test(code) && parseSync(`${file}.js`, code).module.hasModuleSyntax;
}

const OWN_PACKAGE = /^orbit-hmr(?:\/|$)/;
const OWN_FILE = /[\\/]node_modules[\\/]orbit-hmr[\\/]/;

/** Packages without `"type": "module"` are scripts, unless they are written for bundlers alone. */
export function isPackageScript(file: string): boolean {
  if (!isOfPackage(file) || !file.endsWith(".js")) return false;
  const type = typeOfPackage(path.dirname(file));
  return type !== "module" && !hasModuleSyntax(file, readFileSync(file, "utf8"));
}

function typeOfPackage(folder: string): unknown {
  const manifest = path.join(folder, "package.json");
  if (existsSync(manifest)) return readSettings(manifest)?.["type"];
  return path.basename(path.dirname(folder)) === "node_modules"
    ? undefined
    : typeOfPackage(path.dirname(folder));
}
