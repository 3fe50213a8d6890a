import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import type { BigIntStats } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
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
/** State may contain what only its user may read. */
const MODE = 0o600;
/** A writer that has not come back to its file after so long was killed. */
const ABANDONED_MS = 60_000;

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
  const temporary = (): string => {
    folder ??= firstWritable(folders);
    // The process may have been started before the folder was deleted.
    makeCacheFolder(folder);
    return path.join(folder, `state-1.${process.pid}.${randomBytes(6).toString("hex")}.tmp`);
  };
  return {
    get name() {
      return path.relative(root, file());
    },
    stamp: () => (hasFile() ? stampOf(statSync(file(), { bigint: true, throwIfNoEntry: false })) : undefined),
    read: () => (hasFile() ? readFileSync(file(), "utf8") : undefined),
    async write(text, isWanted) {
      const from = temporary();
      try {
        const stamp = await writeSynced(from, text);
        if (!isWanted()) {
          rmSync(from, { force: true });
          return undefined;
        }
        // At once: between the question and the answer nothing newer can come.
        renameSync(from, file());
        await syncFolder(path.dirname(from));
        return stamp;
      } catch (error) {
        rmSync(from, { force: true });
        throw error;
      }
    },
    writeNow(text) {
      const from = temporary();
      try {
        const stamp = writeSyncedNow(from, text);
        renameSync(from, file());
        syncFolderNow(path.dirname(from));
        return stamp;
      } catch (error) {
        rmSync(from, { force: true });
        throw error;
      }
    },
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
      writeFileSync(probe, "", { mode: MODE });
      rmSync(probe, { force: true });
      removeAbandoned(folder);
      return folder;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** What killed processes have left behind. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/^state-1\..*\.tmp$/.test(name)) continue;
    const file = path.join(folder, name);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_MS) rmSync(file, { force: true });
  }
}

async function writeSynced(file: string, text: string): Promise<string> {
  const handle = await open(file, "wx", MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
    return stampOf(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}

function writeSyncedNow(file: string, text: string): string {
  const descriptor = openSync(file, "wx", MODE);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
    return stampOf(fstatSync(descriptor, { bigint: true }));
  } finally {
    closeSync(descriptor);
  }
}

/** Renaming changes the folder: without this, a power cut may bring back the old file. Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function syncFolderNow(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function stampOf(stats: BigIntStats): string;
function stampOf(stats: BigIntStats | undefined): string | undefined;
function stampOf(stats: BigIntStats | undefined): string | undefined {
  // Renaming keeps all three.
  return stats && `${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}
