import { hash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import path from "node:path";
import type { Disk } from "../reload/known-files.ts";
import type { Stamp } from "../reload/stamp.ts";

const LINK = "link:";

/** The name under which a symbolic link itself is watched, rather than what it leads to. */
export function linkPath(link: string): string {
  return LINK + link;
}

/** The link that {@link linkPath} named. */
export function withoutLinkMark(target: string): string {
  return target.startsWith(LINK) ? target.slice(LINK.length) : target;
}

/** The file system, looked at synchronously: a look of a few microseconds that no write can overtake. */
export const disk: Disk = {
  stamp(target) {
    return target.startsWith(LINK)
      ? stampOf(lstatSync, target.slice(LINK.length))
      : stampOf(statSync, target);
  },
  digest(target) {
    try {
      if (target.startsWith(LINK)) return readlinkSync(target.slice(LINK.length));
      return statSync(target).isDirectory() ? namesIn(target) : digestOf(readFileSync(target));
    } catch {
      // Gone, or not ours to read: both are a state that can change.
      return undefined;
    }
  },
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
  return hash("md5", content, "base64");
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
