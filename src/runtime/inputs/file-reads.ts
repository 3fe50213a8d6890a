import fs from "node:fs";
import path from "node:path";
import { patchMethod } from "../ownership/patch.ts";
import type { Patched } from "../ownership/patch.ts";
import { filePathOf, opensWhatIsThere } from "./file-path.ts";
import type { FileRead } from "../host.ts";
import type { InputReads } from "../model/input-reads.ts";
import { currentReads, unrecorded } from "./recording.ts";

/** What the functions of `fs` ask of their first argument, by their names without `Sync`. */
const ASKS: Readonly<Record<FileRead["asks"], readonly string[]>> = {
  content: ["readFile", "readdir", "opendir", "createReadStream", "openAsBlob", "copyFile", "cp", "open"],
  status: ["stat", "lstat"],
  existence: ["exists", "access", "realpath"],
  link: ["readlink"],
};

/** See which files evaluations read. Returns the undo. */
export function recordFileReads(): () => void {
  const undo = Object.entries(ASKS).flatMap(([asks, names]) =>
    names.flatMap((name) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its own keys
      const patched = recording(name, asks as FileRead["asks"]);
      return [
        patchMethod(fs, name, patched),
        patchMethod(fs, `${name}Sync`, patched),
        patchMethod(fs.promises, name, patched),
      ];
    }),
  );
  const native = recording("realpath", "existence");
  undo.push(patchMethod(fs.realpath, "native", native), patchMethod(fs.realpathSync, "native", native));
  return () => {
    for (const step of undo) step();
  };
}

function recording(name: string, asks: FileRead["asks"]): Patched {
  return (self, args, original) => {
    const reads = currentReads();
    if (reads === undefined) return Reflect.apply(original, self, args);
    // What Node calls to do it is the same read once more.
    return unrecorded(() => {
      if (name !== "open" || opensWhatIsThere(args[1])) note(reads, asks, args);
      return Reflect.apply(original, self, args);
    });
  };
}

function note(reads: InputReads, asks: FileRead["asks"], args: readonly unknown[]): void {
  const file = filePathOf(args[0]);
  if (file === undefined) return;
  reads.noteFile({ asks, path: file });
  if (asks === "content" && args.some(isRecursive)) noteFoldersBelow(reads, file);
}

function isRecursive(option: unknown): boolean {
  return typeof option === "object" && option !== null && Reflect.get(option, "recursive") === true;
}

/** Node walks through them without asking anybody. */
function noteFoldersBelow(reads: InputReads, folder: string): void {
  for (const below of foldersIn(folder)) {
    reads.noteFile({ asks: "content", path: below });
    noteFoldersBelow(reads, below);
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
  } catch {
    // Not there, or a file: the program is told by Node.
    return [];
  }
}
