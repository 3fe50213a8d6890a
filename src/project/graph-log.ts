import { debuglog } from "node:util";
import type { GraphUpdate } from "../graph/index.ts";

const log = debuglog("orbit:graph");
const cache = debuglog("orbit:cache");

/** Many files are read anew where settings have changed. */
const NAMES_SHOWN = 20;

/** Say whether what is stored can be used; with `NODE_DEBUG=orbit:cache`. */
export function logStored(
  file: string,
  finding: "used" | "of other settings" | "not there" | "no graph",
): void {
  cache("the graph in %s: %s", file, finding);
}

/** Say what a look at the whole project found out by itself; with `NODE_DEBUG=orbit:graph`. */
export function logLook(readAnew: readonly string[], known: number, areTargetsTrue: boolean): void {
  if (!log.enabled) return;
  log("%d modules are as stored, read anew: %s", known, shortened(readAnew));
  if (!areTargetsTrue) log("every name is resolved anew");
}

/** Say what became of files that were saved. */
export function logUpdate({ files, relinked }: GraphUpdate): void {
  if (!log.enabled || files.length === 0) return;
  log("%s", shortened(files.map(({ file, kind }) => `${file} ${kind}`)));
  if (relinked.length > 0) log("leads elsewhere now: %s", shortened(relinked));
}

function shortened(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN).join(", ") || "nothing";
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
