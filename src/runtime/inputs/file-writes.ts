import fs from "node:fs";
import { currentContext } from "../model/context.ts";
import type { RuntimeHost } from "../host.ts";
import { patchMethod } from "../ownership/patch.ts";
import { filePathOf, opensForReading } from "./file-path.ts";
import { isUnrecorded, unrecorded } from "./recording.ts";

/** Which arguments name what is written, by the names of functions without `Sync`. */
const WRITTEN: Readonly<Record<string, readonly number[]>> = {
  appendFile: [0],
  chmod: [0],
  copyFile: [1],
  cp: [1],
  link: [1],
  mkdir: [0],
  rename: [0, 1],
  rm: [0],
  rmdir: [0],
  symlink: [1],
  truncate: [0],
  unlink: [0],
  utimes: [0],
  writeFile: [0],
};

/** Called when a write is done, however it went. */
type Finish = () => void;

/** See which files server code writes. Returns the undo. */
export function recordFileWrites(hosts: ReadonlySet<RuntimeHost>): () => void {
  const begin = (paths: readonly unknown[]): Finish | undefined => {
    // Whatever has no context is none of the project's: Vite, the command line, tests.
    if (isUnrecorded() || currentContext() === undefined) return undefined;
    const files = paths.flatMap((argument) => filePathOf(argument) ?? []);
    const finish = unrecorded(() => [...hosts].flatMap((host) => host.noteFileWrite(files) ?? []));
    if (finish.length === 0) return undefined;
    return () => unrecorded(() => finish.forEach((end) => end()));
  };
  const undo = [
    ...Object.entries(WRITTEN).flatMap(([name, positions]) => {
      const paths = (args: readonly unknown[]): readonly unknown[] => positions.map((at) => args[at]);
      return [
        patchMethod(fs, name, (self, args, original) =>
          callBack(args, begin(paths(args)), (own) => Reflect.apply(original, self, own)),
        ),
        patchMethod(fs, `${name}Sync`, (self, args, original) =>
          atOnce(begin(paths(args)), () => Reflect.apply(original, self, args)),
        ),
        patchMethod(fs.promises, name, (self, args, original) =>
          later(begin(paths(args)), () => Reflect.apply(original, self, args)),
        ),
      ];
    }),
    ...recordOpenFiles(begin),
  ];
  return () => {
    for (const step of undo) step();
  };
}

function atOnce<T>(finish: Finish | undefined, write: () => T): T {
  try {
    return write();
  } finally {
    finish?.();
  }
}

function later(finish: Finish | undefined, write: () => unknown): unknown {
  const writing = write();
  if (finish === undefined) return writing;
  // Attached before the program's own continuations: by then it is known what the file says.
  if (writing instanceof Promise) writing.then(finish, finish);
  else finish();
  return writing;
}

/** @param call calls the function with these arguments; the last one is the callback */
function callBack(
  args: readonly unknown[],
  finish: ((...results: readonly unknown[]) => void) | undefined,
  call: (args: readonly unknown[]) => unknown,
): unknown {
  const callback = args.at(-1);
  if (finish === undefined || typeof callback !== "function") return atOnce(finish, () => call(args));
  const calledBack = function (this: unknown, ...results: readonly unknown[]): unknown {
    finish(...results);
    return Reflect.apply(callback, this, results);
  };
  try {
    return call([...args.slice(0, -1), calledBack]);
  } catch (error) {
    // Wrong arguments: nothing has begun.
    finish(error);
    throw error;
  }
}

/** What is open for writing counts as being written until it is closed: streams write in pieces. */
function recordOpenFiles(begin: (paths: readonly unknown[]) => Finish | undefined): readonly (() => void)[] {
  const open = new Map<unknown, Finish>();
  const beginOpen = ([file, flags]: readonly unknown[]): Finish | undefined =>
    opensForReading(flags) ? undefined : begin([file]);
  const close = (descriptor: unknown): Finish | undefined => {
    const finish = open.get(descriptor);
    open.delete(descriptor);
    return finish;
  };
  return [
    patchMethod(fs, "open", (self, args, original) => {
      const finish = beginOpen(args);
      const opened = (...[, descriptor]: readonly unknown[]): void => {
        if (descriptor === undefined) finish?.();
        else if (finish !== undefined) open.set(descriptor, finish);
      };
      return callBack(args, finish && opened, (own) => Reflect.apply(original, self, own));
    }),
    patchMethod(fs, "openSync", (self, args, original) => {
      const finish = beginOpen(args);
      if (finish === undefined) return Reflect.apply(original, self, args);
      try {
        const descriptor: unknown = Reflect.apply(original, self, args);
        open.set(descriptor, finish);
        return descriptor;
      } catch (error) {
        finish();
        throw error;
      }
    }),
    patchMethod(fs.promises, "open", (self, args, original) => {
      const finish = beginOpen(args);
      const opening = Reflect.apply(original, self, args);
      if (finish === undefined || !(opening instanceof Promise)) return opening;
      void finishWhenClosed(opening, finish);
      return opening;
    }),
    patchMethod(fs, "close", (self, args, original) =>
      callBack(args, close(args[0]), (own) => Reflect.apply(original, self, own)),
    ),
    patchMethod(fs, "closeSync", (self, args, original) =>
      atOnce(close(args[0]), () => Reflect.apply(original, self, args)),
    ),
  ];
}

async function finishWhenClosed(opening: Promise<unknown>, finish: Finish): Promise<void> {
  try {
    const handle = await opening;
    // It is an emitter, but no instance of the class.
    const once: unknown = Reflect.get(Object(handle), "once");
    if (typeof once === "function") Reflect.apply(once, handle, ["close", finish]);
    else finish();
  } catch {
    // Nothing was opened, and the program is told so itself.
    finish();
  }
}
