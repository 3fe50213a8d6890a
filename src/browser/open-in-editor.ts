import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { FilePlace } from "../protocol/page-wire.ts";

/**
 * Open a place in the editor of whoever develops. Pages ask for it over the socket, which other sites cannot open.
 *
 * @param onRefused told why it is not opened; an editor that starts says nothing
 */
export async function openInEditor(
  root: string,
  { file, line = 1, column = 1 }: FilePlace,
  onRefused: (problem: string) => void,
): Promise<void> {
  const found = fileBelow(root, file);
  if (found === undefined) return onRefused(`${file} is no file of the project.`);
  if (!isPlace(line) || !isPlace(column)) return onRefused(`${file} has no such line.`);
  const { default: launch } = await import("launch-editor");
  launch(`${found}:${line}:${column}`, undefined, (_file, problem) =>
    onRefused(
      `No editor could be started${problem ? `: ${problem.trim()}` : ""}. Set LAUNCH_EDITOR to the command of yours, such as code.`,
    ),
  );
}

/** A file that is there, below the root wherever links lead, and whose name no program takes for anything else. */
function fileBelow(root: string, file: string): string | undefined {
  // Names of other machines, which Windows would go and ask.
  if (/^[\\/]{2}|\0/.test(file)) return undefined;
  try {
    const real = realpathSync(path.resolve(root, file));
    const isBelow = real.startsWith(realpathSync(root) + path.sep);
    const isOption = path.basename(real).startsWith("-");
    return isBelow && !isOption && statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

function isPlace(count: number): boolean {
  return Number.isSafeInteger(count) && count > 0;
}
