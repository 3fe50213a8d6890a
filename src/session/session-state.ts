import { KeptCells } from "../keep/kept-cells.ts";
import { openStateFile } from "../keep/state-file.ts";
import type { StateFile } from "../keep/state-file.ts";
import type { SessionLog } from "./session-log.ts";

/** State that outlives the process, as one session keeps it. */
export interface SessionState {
  readonly file: StateFile;
  readonly cells: KeptCells;
}

/** Read what an earlier process has left, and keep what this one has. */
export function openSessionState(
  root: string,
  { isStateClean: isClean = false }: { readonly isStateClean?: boolean },
  log: SessionLog,
): SessionState {
  const file = openStateFile({
    root,
    isClean,
    report: (message) => log.append({ type: "noticed", level: "warn", message }),
  });
  file.restore();
  return { file, cells: new KeptCells(file) };
}
