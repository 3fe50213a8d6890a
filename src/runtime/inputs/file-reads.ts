import fs from "node:fs";
import path from "node:path";
import { patchMethod } from "../ownership/patch.ts";
import type { Callable, Patched } from "../ownership/patch.ts";
import { filePathOf, opensWhatIsThere } from "./file-path.ts";
import type { FileRead } from "../host.ts";
import { noteFilled } from "./filled.ts";
import { currentFill, currentReads, isRequestRunning, unrecorded } from "./recording.ts";
import { noteRequestRead } from "./request-reads.ts";

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
  return (self, args, original, own) => {
    const note = noteFor(own);
    if (note === undefined) return Reflect.apply(original, self, args);
    // What Node calls to do it is the same read once more.
    return unrecorded(() => {
      if (name !== "open" || opensWhatIsThere(args[1])) readsBy(asks, args).forEach(note);
      return Reflect.apply(original, self, args);
    });
  };
}

/**
 * Where a read of the running code is noted: with its evaluation, with the value that it is made for, or with the request.
 *
 * @param callee the function that the code has called
 */
export function noteFor(callee: Callable): ((read: FileRead) => void) | undefined {
  const reads = currentReads();
  const fill = currentFill();
  if (reads === undefined && fill === undefined)
    return isRequestRunning() ? (read) => noteRequestRead(callee, read) : undefined;
  return (read) => {
    reads?.noteFile(read);
    if (fill !== undefined) noteFilled(fill, read);
  };
}

function readsBy(asks: FileRead["asks"], args: readonly unknown[]): readonly FileRead[] {
  const file = filePathOf(args[0]);
  if (file === undefined) return [];
  const reads: FileRead[] = [{ asks, path: file }];
  if (asks === "content" && args.some(isRecursive)) addFoldersBelow(reads, file);
  return reads;
}

function isRecursive(option: unknown): boolean {
  return typeof option === "object" && option !== null && Reflect.get(option, "recursive") === true;
}

/** Node walks through them without asking anybody. */
function addFoldersBelow(reads: FileRead[], folder: string): void {
  for (const below of foldersIn(folder)) {
    reads.push({ asks: "content", path: below });
    addFoldersBelow(reads, below);
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
