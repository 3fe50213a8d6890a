import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Disk } from "./file-stamps.ts";
import type { Stamp } from "./stamp.ts";
import type { FileRead } from "../runtime/index.ts";

// As they are when this file is loaded: what server modules call is looked at, our own looks need not be.
const { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } = fs;

const LINK = "link:";

/** The name under which a symbolic link itself is watched, rather than what it leads to. */
export function linkPath(link: string): string {
  return LINK + link;
}

/** Begins the names of files that modules read while they evaluate: the same file may be a module's text as well. */
const READ = /^read-(content|status|existence|link):/;

/** The name under which a file is watched for what somebody has asked of it. */
export function readName(asks: FileRead["asks"], file: string): string {
  return `read-${asks}:${file}`;
}

/** Whether {@link readName} made a name. */
export function isReadName(target: string): boolean {
  return READ.test(target);
}

/** The file or link behind a name. */
export function withoutMark(target: string): string {
  return target.startsWith(LINK) ? target.slice(LINK.length) : target.replace(READ, "");
}

/** The file system, looked at synchronously: a look of a few microseconds that no write can overtake. */
export const disk: Disk = {
  stamp(target) {
    if (isReadName(target)) return stampOfRead(target);
    return target.startsWith(LINK)
      ? stampOf(lstatSync, target.slice(LINK.length))
      : stampOf(statSync, target);
  },
  digest(target) {
    try {
      if (isReadName(target)) return digestOfRead(target);
      if (target.startsWith(LINK)) return readlinkSync(target.slice(LINK.length));
      return statSync(target).isDirectory() ? namesIn(target) : digestOf(readFileSync(target));
    } catch {
      // Gone, or not ours to read: both are a state that can change.
      return undefined;
    }
  },
  read(file) {
    try {
      return readFileSync(file, "utf8");
    } catch {
      // Gone, or not ours to read.
      return undefined;
    }
  },
  digestOf,
  now: () => Date.now(),
};

/** The symbolic links that a path goes through, those included that other links lead through. */
export function linksOnPath(target: string): readonly string[] {
  const links = new Set<string>();
  const follow = (from: string): void => {
    for (let at = from; at !== path.dirname(at); at = path.dirname(at)) {
      const next = links.has(at) ? undefined : readLink(at);
      if (next === undefined) continue;
      links.add(at);
      follow(path.resolve(path.dirname(at), next));
    }
  };
  follow(target);
  return [...links];
}

/** The digest by which two contents are compared. */
export function digestOf(content: Buffer | string): string {
  return createHash("md5").update(content).digest("base64");
}

type Stat = (target: string, options: { bigint: true; throwIfNoEntry: false }) => BigIntStatsLike | undefined;

interface BigIntStatsLike {
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly size: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
}

function stampOf(stat: Stat, target: string): Stamp | undefined {
  try {
    const stats = stat(target, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const { mtimeNs, ctimeNs, size, ino, dev } = stats;
    return { mtimeNs, ctimeNs, size, inode: ino, device: dev };
  } catch {
    // A folder on the way is a file now, or may not be entered: nothing is there for us.
    return undefined;
  }
}

/** A file that was replaced by one that says the same is the same to whoever read it. */
function stampOfRead(name: string): Stamp | undefined {
  const stamp = stampOf(READ.exec(name)?.[1] === "link" ? lstatSync : statSync, withoutMark(name));
  return stamp && { ...stamp, inode: 0n, device: 0n };
}

/** Larger ones are compared by what `stat` says. */
const DIGESTED_BYTES = 1_048_576;

/** Digests of what was asked, and of no more. */
function digestOfRead(name: string): string {
  const file = withoutMark(name);
  const asks = READ.exec(name)?.[1];
  if (asks === "link") return lstatSync(file).isSymbolicLink() ? readlinkSync(file) : "";
  const stats = statSync(file);
  const { mode, size, mtimeMs } = stats;
  if (asks === "existence") return String(mode);
  if (asks === "content" && stats.isDirectory()) return namesIn(file);
  if (asks === "content" && stats.isFile() && size <= DIGESTED_BYTES) return digestOf(readFileSync(file));
  return stats.isDirectory() ? String(mode) : [mode, size, mtimeMs].join();
}

/** Names decide what an import resolves to; so does what kind of thing a name is, and where it leads. */
function namesIn(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      if (entry.isSymbolicLink()) return `${entry.name}@${readLink(path.join(folder, entry.name))}`;
      return entry.isDirectory() ? `${entry.name}/` : entry.name;
    })
    .toSorted()
    .join("\0");
}

function readLink(target: string): string | undefined {
  try {
    return lstatSync(target).isSymbolicLink() ? readlinkSync(target) : undefined;
  } catch {
    // Nothing there: no link either.
    return undefined;
  }
}
