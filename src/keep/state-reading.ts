import type { StateDisk } from "./state-disk.ts";
import { readContent } from "./state-lines.ts";
import type { StateContent } from "./state-lines.ts";

/** What was found on the disk. */
export interface StateOnDisk {
  /** Absent when there is nothing that can be used. */
  readonly content?: StateContent;
  /** What had to be moved out of the way, in one sentence. */
  readonly problem?: string;
}

/**
 * Read the state of a project. A file that is not its own, or not readable, is moved aside: it is neither lost nor in the
 * way of the next one.
 */
export function readState(disk: StateDisk, root: string, now: number): StateOnDisk {
  const found = textOn(disk);
  if (found.text === undefined && found.reason === undefined) return {};
  const reading = found.text === undefined ? undefined : readContent(found.text, root);
  if (reading?.status === "read") return { content: reading.content };
  const { name } = disk;
  const reason = reading?.reason ?? found.reason ?? "cannot be read";
  return { problem: `State starts anew: ${name} ${reason}. It was moved to ${disk.moveAside(now)}.` };
}

function textOn(disk: StateDisk): { readonly text?: string | undefined; readonly reason?: string } {
  try {
    return { text: disk.read() };
  } catch (error) {
    return { reason: `cannot be read (${error instanceof Error ? error.message : String(error)})` };
  }
}
