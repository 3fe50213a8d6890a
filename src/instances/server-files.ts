import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { createFile, replaceFile } from "../disk/atomic-file.ts";
import { cacheFolders, makeCacheFolder } from "../disk/cache-folder.ts";
import { processSlot } from "../protocol/process-slot.ts";
import { readBlock, readRecord } from "./server-record.ts";
import type { BlockedServer, ServerRecord } from "./server-record.ts";

/** A file by which a server makes itself known: `server-1.json` is that of the project's first one. */
export interface ServerFile {
  readonly path: string;
  /** Counts from 1. */
  readonly place: number;
  /** Absent where the file cannot be read. */
  readonly record: ServerRecord | undefined;
}

const NAME = /^server-([1-9]\d*)\.json$/;

/** The servers of a project that have made themselves known, dead ones included, by place. */
export function listServerFiles(root: string): ServerFile[] {
  const files = cacheFolders(root).flatMap((folder) =>
    namesIn(folder).flatMap((name) => {
      const place = NAME.exec(name)?.[1];
      return place === undefined ? [] : [describeFile(path.join(folder, name), Number(place))];
    }),
  );
  return files.toSorted((a, b) => a.place - b.place);
}

/**
 * Take a place that nobody has.
 * @returns The file, or `undefined` when somebody was faster.
 */
export function createServerFile(root: string, place: number, record: ServerRecord): string | undefined {
  let failure: unknown;
  for (const folder of cacheFolders(root)) {
    try {
      makeCacheFolder(folder);
      const file = path.join(folder, `server-${place}.json`);
      return createFile(file, textOf(record)) ? file : undefined;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Say something new under a place that is one's own. Whoever reads sees the old record or the new one. */
export function replaceServerFile(file: string, record: ServerRecord): void {
  replaceFile(file, textOf(record));
}

/** Whether a file is that of the server with this id; with `undefined`, whether it is nobody's. */
export function isOwnFile(file: string, id: string | undefined): boolean {
  return recordIn(file)?.id === id;
}

/** Give up a place, unless it is somebody else's by now. */
export function removeServerFile(file: string, id: string | undefined): void {
  if (!isOwnFile(file, id)) return;
  removeBlock(file);
  removeIfPossible(file);
}

/** The files by which this process makes its servers known, each with the id in it. */
export function ownServerFiles(): Map<string, string> {
  return processSlot("own-server-files@1", () => new Map<string, string>());
}

/** Where it is said what keeps the server of a file from answering. */
export function blockFileOf(file: string): string {
  return file.replace(/\.json$/, ".blocked.json");
}

/** Nothing keeps the server of a file from answering. */
export function removeBlock(file: string): void {
  removeIfPossible(blockFileOf(file));
}

/** What keeps the server with this id from answering, as far as it is known. */
export function blockOf(file: string, id: string): BlockedServer | undefined {
  try {
    return readBlock(readFileSync(blockFileOf(file), "utf8"), id);
  } catch {
    return undefined; // nothing does
  }
}

function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // On a disk that may not be written to it stays, and is passed over each time.
  }
}

function textOf(record: ServerRecord): string {
  return `${JSON.stringify(record)}\n`;
}

function describeFile(file: string, place: number): ServerFile {
  return { path: file, place, record: recordIn(file) };
}

function recordIn(file: string): ServerRecord | undefined {
  try {
    return readRecord(readFileSync(file, "utf8"));
  } catch {
    return undefined; // gone, or not ours to read: nobody who could be asked
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nobody has made it yet
  }
}
