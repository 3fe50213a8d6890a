import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { contentStamp, removeAbandoned, replaceFile, replaceFileIfWanted } from "../disk/atomic-file.ts";
import { cacheFolders, makeCacheFolder } from "../disk/cache-folder.ts";

/** Where the state of a project is stored: one file that is replaced as a whole, so that nobody ever sees half of it. */
export interface StateDisk {
  /** For people, relative to the root. */
  readonly name: string;
  /** Tells one content of the file from the next; `undefined` when there is none. */
  stamp(): string | undefined;
  /** The content; `undefined` when there is none. Throws when it cannot be read. */
  read(): string | undefined;
  /**
   * Replaces the content, unless it is not wanted any more when it is ready.
   * @returns The stamp of the content; `undefined` when it was not wanted.
   */
  write(text: string, isWanted: () => boolean): Promise<string | undefined>;
  /** Replaces the content before it returns. @returns The stamp of the content. */
  writeNow(text: string): string;
  /** Renames the file, so that it is never read again and never lost. @returns Its new name, for people. */
  moveAside(now: number): string;
  remove(): void;
}

const FILE = "state-1.json";

/** The state file of a project, in the first of its cache folders that can be used. Where it was found it stays. */
export function openStateDisk(root: string): StateDisk {
  const folders = cacheFolders(root);
  const [first = root] = folders;
  let folder: string | undefined;
  const file = (): string => path.join(folder ?? first, FILE);
  const hasFile = (): boolean => {
    // Another server may have made it since.
    folder ??= folders.find((candidate) => existsSync(path.join(candidate, FILE)));
    return folder !== undefined && existsSync(file());
  };
  const writable = (): string => {
    folder ??= firstWritable(folders);
    // The process may have been started before the folder was deleted.
    makeCacheFolder(folder);
    return file();
  };
  return {
    get name() {
      return path.relative(root, file());
    },
    stamp: () => (hasFile() ? contentStamp(file()) : undefined),
    read: () => (hasFile() ? readFileSync(file(), "utf8") : undefined),
    write: async (text, isWanted) => replaceFileIfWanted(writable(), text, isWanted),
    writeNow: (text) => replaceFile(writable(), text, { isDurable: true }),
    moveAside(now) {
      const time = new Date(now).toISOString().replaceAll(/[:.]/g, "-");
      const aside = path.join(path.dirname(file()), `state-1.unreadable-${time}.json`);
      renameSync(file(), aside);
      return path.relative(root, aside);
    },
    remove() {
      if (hasFile()) rmSync(file(), { force: true });
    },
  };
}

/** The first folder that can be made and written into; what the last one says, if there is none. */
function firstWritable(folders: readonly string[]): string {
  let failure: unknown;
  for (const folder of folders) {
    try {
      makeCacheFolder(folder);
      const probe = path.join(folder, `state-1.${process.pid}.probe.tmp`);
      writeFileSync(probe, "");
      rmSync(probe, { force: true });
      removeAbandoned(folder);
      return folder;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
