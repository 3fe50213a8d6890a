import type { IncludedName, InnerModule, ModDeclaration } from "./rust-text.ts";

/** Where the modules that are declared at some place are looked for. Paths have `/` between their parts. */
export interface ModulePlace {
  /** What `#[path]` is seen from. */
  readonly folder: string;
  /** The folder below that holds the modules of a file which is not named `mod.rs`; `undefined` where there is none. */
  readonly below: string | undefined;
}

/** The place of what a file declares that has its folder for itself: the root of a crate, `mod.rs`, what `#[path]` or `include!` names. */
export function placeOfOwner(file: string): ModulePlace {
  return { folder: folderOf(file), below: undefined };
}

/** The place of what a module's file declares. */
function placeOfFile(file: string, name: string): ModulePlace {
  return { folder: folderOf(file), below: file.endsWith("/mod.rs") || file === "mod.rs" ? undefined : name };
}

/** The place of what `mod x { … }` declares. */
export function placeOfInner({ folder, below }: ModulePlace, { name, path }: InnerModule): ModulePlace {
  if (path !== undefined) return { folder: joined(folder, path), below: undefined };
  const base = below === undefined ? folder : joined(folder, below);
  return { folder: joined(base, name), below: undefined };
}

/** A file that may be a module's, and the place of what it declares. */
export interface ModuleFile {
  readonly file: string;
  readonly place: ModulePlace;
}

/** The files that `mod x;` may mean: each list is a choice between files of which there is one. */
export function filesOfMod(
  { folder, below }: ModulePlace,
  { name, paths, hasDefault }: ModDeclaration,
): readonly (readonly ModuleFile[])[] {
  const named = paths.map((path) => {
    const file = joined(folder, path);
    return [{ file, place: placeOfOwner(file) }];
  });
  if (!hasDefault) return named;
  const base = below === undefined ? folder : joined(folder, below);
  const files = [joined(base, `${name}.rs`), joined(base, `${name}/mod.rs`)];
  return [...named, files.map((file) => ({ file, place: placeOfFile(file, name) }))];
}

/** The file that a macro includes; `undefined` for one that a build script makes. */
export function includedFile(target: IncludedName, file: string, packageFolder: string): string | undefined {
  if (target.from === "build") return undefined;
  // `concat!(env!("CARGO_MANIFEST_DIR"), "/x")` is nothing but one text behind another.
  return target.from === "file"
    ? joined(folderOf(file), target.name)
    : joined("", packageFolder + target.name);
}

/** The folder of a file; empty for the one in which everything is. */
function folderOf(file: string): string {
  const end = file.lastIndexOf("/");
  return end > 0 ? file.slice(0, end) : end === 0 ? "/" : "";
}

/** A path as seen from a folder, without `.` and `..` where that can be told. */
function joined(folder: string, path: string): string {
  const slashed = path.replaceAll("\\", "/");
  const isAbsolute = /^(?:\/|[A-Za-z]:\/)/.test(slashed);
  const whole = isAbsolute || folder === "" ? slashed : `${folder}/${slashed}`;
  const steps: string[] = [];
  for (const step of whole.split("/")) {
    if (step === ".." && steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return (whole.startsWith("/") ? "/" : "") + steps.join("/");
}
