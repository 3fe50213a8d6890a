import { randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import type { BigIntStats } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";

// Files that are written as a whole beside their place and then put there: whoever reads sees the old text or the new one.

/** They may contain what only their user may read. */
const MODE = 0o600;
/** A writer that has not come back to its file after so long was killed. */
const ABANDONED_MS = 60_000;

/** How a text gets to the disk. */
export interface WriteOptions {
  /** Whether it is there after a power cut as well. That takes milliseconds. @default false */
  readonly isDurable?: boolean;
}

/** Replace a file before returning. @returns Its {@link contentStamp}. */
export function replaceFile(file: string, text: string, { isDurable = false }: WriteOptions = {}): string {
  return withTemporary(file, (from) => {
    const stamp = writeNew(from, text, isDurable);
    renameSync(from, file);
    if (isDurable) syncFolderNow(path.dirname(file));
    return stamp;
  });
}

/**
 * Replace a file durably, unless that is not wanted any more when the text is written.
 *
 * @returns Its {@link contentStamp}; `undefined` when it was not wanted.
 */
export async function replaceFileIfWanted(
  file: string,
  text: string,
  isWanted: () => boolean,
): Promise<string | undefined> {
  const from = temporaryFor(file);
  try {
    const stamp = await writeSynced(from, text);
    // At once: between the question and the answer nothing newer can come.
    if (!isWanted()) return undefined;
    renameSync(from, file);
    await syncFolder(path.dirname(file));
    return stamp;
  } finally {
    rmSync(from, { force: true });
  }
}

/** Make a file that is not there yet: whole or not at all, and by one process only. @returns Whether this one made it. */
export function createFile(file: string, text: string): boolean {
  return withTemporary(file, (from) => {
    writeNew(from, text, false);
    try {
      linkSync(from, file);
      return true;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
      throw error;
    }
  });
}

/** Remove what killed processes have left behind in a folder. */
export function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".tmp")) continue;
    const file = path.join(folder, name);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_MS) rmSync(file, { force: true });
  }
}

/** Tells one content of such a file from the next; `undefined` when there is none. */
export function contentStamp(file: string): string | undefined {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats && stampOf(stats);
}

function stampOf({ ino, size, mtimeNs }: BigIntStats): string {
  // Renaming keeps all three.
  return `${ino}:${size}:${mtimeNs}`;
}

function withTemporary<T>(file: string, write: (temporary: string) => T): T {
  const temporary = temporaryFor(file);
  try {
    return write(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function temporaryFor(file: string): string {
  return `${file}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`;
}

function writeNew(file: string, text: string, isDurable: boolean): string {
  const descriptor = openSync(file, "wx", MODE);
  try {
    writeFileSync(descriptor, text);
    if (isDurable) fsyncSync(descriptor);
    return stampOf(fstatSync(descriptor, { bigint: true }));
  } finally {
    closeSync(descriptor);
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
