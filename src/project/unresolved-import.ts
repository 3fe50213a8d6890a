import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { readSettings } from "../disk/project-settings.ts";
import { addingCommand, installingCommand } from "../settings/package-managers.ts";
import { LOCKFILES } from "../settings/settings-files.ts";

/** What helps against an import that leads nowhere; `undefined` where it names a file by its path. */
export function adviceOnImport(specifier: string, importer: string): string | undefined {
  if (/^(?:\.{0,2}\/|\.{1,2}$|[a-z]:[\\/])/i.test(specifier)) return undefined;
  if (specifier.startsWith("#")) return `Add it to "imports" of package.json or correct the import.`;
  const scheme = /^[a-z][a-z\d+.-]+:/i.exec(specifier)?.[0];
  if (scheme !== undefined) return `Nothing here loads ${scheme} imports: correct the import.`;
  const name = PACKAGE_NAME.exec(specifier)?.[0];
  if (name === undefined) return NO_ALIAS;
  const folders = foldersAbove(importer);
  const home = folders
    .map((folder) => path.join(folder, "node_modules", name))
    .find((each) => existsSync(each));
  if (home !== undefined) return adviceOnPart(specifier, name, home);
  const lockfile = folders.flatMap(lockfilesIn)[0];
  if (folders.some((folder) => asksFor(folder, name)))
    return `package.json asks for ${name}, but it is not installed: \`${installingCommand(lockfile)}\`.`;
  return `Install it: \`${addingCommand(lockfile, name)}\`.`;
}

function adviceOnPart(specifier: string, name: string, home: string): string {
  const part = JSON.stringify(`.${specifier.slice(name.length)}`);
  return readSettings(path.join(home, "package.json"))?.["exports"] === undefined
    ? `${name} is installed, but has no such part: correct the import.`
    : `${part} is not exported by ${name}, which is installed: correct the import.`;
}

/** Whether a package that is asked for is there; what is no package counts as that. */
export function isInstalled(specifier: string, importer: string): boolean {
  const name = PACKAGE_NAME.exec(specifier)?.[0];
  if (name === undefined || isBuiltin(specifier) || process.versions["pnp"] !== undefined) return true;
  // A package can import itself by its name.
  return foldersAbove(importer).some(
    (folder) => existsSync(path.join(folder, "node_modules", name)) || nameOfPackage(folder) === name,
  );
}

/** Whether a manifest above asks for a package, be it that nobody has installed it. */
export function isAskedFor(name: string, importer: string): boolean {
  return foldersAbove(importer).some((folder) => asksFor(folder, name));
}

function nameOfPackage(folder: string): unknown {
  return readSettings(path.join(folder, "package.json"))?.["name"];
}

const NO_ALIAS =
  'No alias leads there: correct the import, or add one to "resolve.alias" (or to "paths" of tsconfig.json).';

/** The part of a specifier that npm knows, as it allows names of packages. */
const PACKAGE_NAME = /^(?:@[a-z\d][\w.~-]*\/)?[a-z\d][\w.~-]*(?=\/|$)/i;

/** Nearest first. */
function foldersAbove(file: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    folders.push(folder);
    if (folder === path.dirname(folder)) return folders;
  }
}

function lockfilesIn(folder: string): readonly string[] {
  return LOCKFILES.filter((name) => existsSync(path.join(folder, name)));
}

const DEPENDENCIES = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] as const;

function asksFor(folder: string, name: string): boolean {
  const manifest = readSettings(path.join(folder, "package.json"));
  return DEPENDENCIES.some((key) => {
    const listed = manifest?.[key];
    return typeof listed === "object" && listed !== null && Object.hasOwn(listed, name);
  });
}
