import type { FileRecord } from "./file-records.ts";
import type { Target } from "./file-resolver.ts";
import type { Names } from "./paths.ts";

/** One module as an earlier process knew it. */
export interface StoredModule {
  readonly record: FileRecord;
  /** Where its requests led, as far as that can be believed. */
  readonly targets: readonly (Target | undefined)[];
}

/** One module as it is known. */
export interface LinkedModule extends StoredModule {
  readonly targets: readonly Target[];
}

/** One module as it is written, under its name. */
interface WrittenModule extends FileRecord {
  /** Where its requests led, one text each. */
  readonly ends: readonly string[];
}

export type WrittenModules = Readonly<Record<string, WrittenModule>>;

export function toWritten(modules: Iterable<readonly [string, LinkedModule]>, names: Names): WrittenModules {
  const written = Array.from(modules, ([file, { record, targets }]) => {
    const ends = targets.map((target) => toEnd(target, names));
    return [names.of(file), { ...record, ends }] as const;
  });
  return Object.fromEntries(written);
}

/** Throws for a module that nobody has written. */
export function fromWritten(
  modules: object,
  names: Names,
  targetOf: (end: string) => Target | undefined,
): ReadonlyMap<string, StoredModule> {
  return new Map(
    Object.entries(modules).map(([name, module]: [string, unknown]) => {
      if (!isWritten(module)) throw new TypeError("A module of the stored graph has another shape.");
      const { ends, imports, fingerprint, hash, mtimeMs, size, isBroken } = module;
      // Written out: a rest would copy thousands of records key by key.
      const record = { imports, fingerprint, hash, mtimeMs, size, isBroken };
      return [names.fileOf(name), { record, targets: ends.map(targetOf) }] as const;
    }),
  );
}

/** Only what can be believed later: the rest is looked for again, and so is what a plugin said. */
function toEnd(target: Target, names: Names): string {
  if (target.kind === "external") return `e${target.name}`;
  if (target.kind === "ignored") return "i";
  return target.kind === "file" && !target.isFromPlugin ? `f${names.of(target.file)}` : "";
}

/** Where an end leads; `undefined` for what has to be looked for. */
export function fromEnd(end: string, names: Names): Target | undefined {
  const name = end.slice(1);
  if (end.startsWith("f")) return { kind: "file", file: names.fileOf(name) };
  if (end === "i") return { kind: "ignored" };
  return end.startsWith("e") ? { kind: "external", name } : undefined;
}

function isWritten(value: unknown): value is WrittenModule {
  if (typeof value !== "object" || value === null) return false;
  const { mtimeMs, size, hash, fingerprint, isBroken, imports, ends }: Unknown<WrittenModule> = value;
  if (typeof imports !== "object" || imports === null) return false;
  const { requests, globs, opaque }: Unknown<FileRecord["imports"]> = imports;
  return (
    typeof mtimeMs === "number" &&
    typeof size === "number" &&
    typeof hash === "string" &&
    typeof fingerprint === "string" &&
    typeof isBroken === "boolean" &&
    [requests, globs, opaque, ends].every(Array.isArray)
  );
}

/** Something of which nothing is known yet. */
type Unknown<Type> = { readonly [Key in keyof Type]?: unknown };
