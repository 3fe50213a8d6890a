import type { RuntimeHost } from "../host.ts";
import { patchTogether } from "../ownership/patch.ts";
import { recordEnvironment } from "./environment.ts";
import { recordFileReads } from "./file-reads.ts";
import { recordFileWrites } from "./file-writes.ts";
import { recordPrograms } from "./programs.ts";

const hosts = new Set<RuntimeHost>();
let uninstall: (() => void) | undefined;

/**
 * See what project code reads and writes outside of the program, until the returned function is called. Several
 * runtimes share what is patched.
 */
export function watchOutside(host: RuntimeHost): () => void {
  if (hosts.size === 0) uninstall = patch();
  hosts.add(host);
  return () => {
    if (!hosts.delete(host) || hosts.size > 0) return;
    uninstall?.();
    uninstall = undefined;
  };
}

function patch(): () => void {
  const undo = patchTogether(() => [
    recordFileReads(),
    recordFileWrites(hosts),
    recordPrograms(hosts),
    recordEnvironment(),
  ]);
  return () => patchTogether(() => undo.toReversed().forEach((step) => step()));
}
