import { readFileSync } from "node:fs";
import { vi } from "vitest";
import type { Project } from "../cli/project.ts";
import { soon } from "../cli/orbiton.ts";

/** The processes that have written who they are into `pids.txt`, once there are so many. */
export async function pidsIn(project: Project, count: number): Promise<readonly number[]> {
  return vi.waitFor(() => {
    const pids = readFileSync(project.path("pids.txt"), "utf8").split("\n").filter(Boolean).map(Number);
    if (pids.length < count) throw new Error(`Expected ${count} processes, got ${pids.length}.`);
    return pids;
  }, soon);
}

/** Whether a process runs; one that has ended and that nobody has asked about does not. */
export function isAlive(pid: number): boolean {
  try {
    // The state stands behind the name, which may be anything in parentheses.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
