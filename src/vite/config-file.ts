import { existsSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { OrbitError, withoutLabel } from "../protocol/orbit-error.ts";
import { messageOf } from "../protocol/message-of.ts";
import { adviceOnImport, isInstalled } from "../project/unresolved-import.ts";
import { frameOf, readText } from "../session/code-frame.ts";
import { placeAt } from "../protocol/text-position.ts";
import type { ConfigFault } from "../session/config-fault.ts";
import { importsIn } from "./text-faults.ts";
import { syntaxErrorIn } from "./transform-problem.ts";
import { displayName } from "../disk/file-names.ts";

/**
 * Load a config. What goes wrong is said in one way, with places in the text as it was written: Vite compiles another one.
 *
 * @throws {OrbitError} `INVALID_CONFIG`
 */
export async function namingFaults<T>(
  {
    file,
    root,
    name = path.basename(file),
  }: { readonly file: string; readonly root: string; readonly name?: string },
  load: () => Promise<T>,
): Promise<T> {
  try {
    // Vite's loader prints a page about them, with places in a text that nobody wrote, and goes on.
    refuseMissingPackages(file);
    return await load();
  } catch (error) {
    if (error instanceof OrbitError) throw error;
    throw configError(configFault(error, file), { name, root, cause: error });
  }
}

/** The project's own Vite config, where it has one. */
export function findViteConfig(root: string): string | undefined {
  return viteConfigFiles(root).find((file) => existsSync(file));
}

/** Where it may stand, in the order in which Vite looks. */
export function viteConfigFiles(root: string): readonly string[] {
  return ["js", "mjs", "ts", "cjs", "mts", "cts"].map((ending) => path.join(root, `vite.config.${ending}`));
}

/** A config that cannot be used: one sentence, and below it the place, as a terminal opens it, with its text. */
export function configError(fault: ConfigFault, { name, root, cause }: Refusal): OrbitError {
  const { file, line, column, message, frame } = fault;
  const sentence = `${name} cannot be loaded: ${message}`;
  const place = line === undefined ? undefined : [displayName(root, file), line, column].join(":");
  const lines = [sentence, place, frame].filter((part) => part !== undefined);
  return new RefusedConfig(lines.join("\n"), { fault, cause });
}

interface Refusal {
  /** What is said to be refused. */
  readonly name: string;
  readonly root: string;
  readonly cause: unknown;
}

/** The fault behind an error of {@link namingFaults}; for any other error, what there is to say about it. */
export function faultOf(error: unknown, file: string): ConfigFault {
  return error instanceof RefusedConfig ? error.fault : configFault(error, file);
}

class RefusedConfig extends OrbitError {
  readonly fault: ConfigFault;

  constructor(message: string, { fault, cause }: { readonly fault: ConfigFault; readonly cause: unknown }) {
    super("INVALID_CONFIG", message, { cause });
    this.fault = fault;
  }
}

/** What is wrong, in the text as it was written: Vite compiles another one, and tells places in that. */
function configFault(error: unknown, config: string): ConfigFault {
  const [first = error] = errorsIn(error);
  const id = fieldOf(first, "id");
  const exporter = fieldOf(first, "exporter");
  const file = typeof id === "string" && path.isAbsolute(id) ? id : config;
  const syntax = syntaxErrorIn(file);
  if (syntax !== undefined) return faultAt(file, syntax.place, syntax.message);
  const said = plainMessageOf(first);
  const specifier =
    typeof exporter === "string" ? exporter : /^Cannot find (?:module|package) '([^']+)'/.exec(said)?.[1];
  if (specifier !== undefined && !path.isAbsolute(specifier)) return importFault(file, specifier);
  return { file, message: said };
}

function errorsIn(error: unknown): readonly unknown[] {
  const errors = fieldOf(error, "errors");
  return Array.isArray(errors) ? errors : [];
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function faultAt(file: string, place: ReturnType<typeof placeAt> | undefined, message: string): ConfigFault {
  return { file, message, ...place, frame: frameOf(file, place) };
}

function importFault(file: string, specifier: string): ConfigFault {
  const text = readText(file) ?? "";
  const site = importsIn(file, text).find(({ value }) => value === specifier);
  const advice = adviceOnImport(specifier, file) ?? "Create the file or correct the import.";
  const message = `Cannot find ${JSON.stringify(specifier)}. ${advice}`;
  return faultAt(file, site && placeAt(text, site.start), message);
}

function refuseMissingPackages(file: string): void {
  const missing = importsIn(file, readText(file) ?? "").find(({ value }) => !isInstalled(value, file));
  if (missing !== undefined) throw new Error(`Cannot find package '${missing.value}'`);
}

/** The first line that says something: compilers draw below it, in colours. */
function plainMessageOf(error: unknown): string {
  const text = withoutLabel(stripVTControlCharacters(messageOf(error))).replace(
    /^Build failed with .*\n+/,
    "",
  );
  const said = text.replace(/\nRequire stack:[\s\S]*$/, "").replace(/\n\s*╭[\s\S]*$/, "");
  return said.replace(/^\[[A-Z_]+\] /, "").trimEnd();
}
