import { fileURLToPath } from "node:url";

/** The folder of everything that this package runs: of the sources, and of the few files that are published. */
const OWN_URL = new URL("../", import.meta.url).href;
const OWN_FOLDER: string = fileURLToPath(OWN_URL);

/** Whether a script of a stack, or what a project imports, is this package itself. */
export function isOwnScript(pathOrUrl: string): boolean {
  return pathOrUrl.startsWith(OWN_URL) || pathOrUrl.startsWith(OWN_FOLDER);
}
