import { requireNode } from "../settings/requirements.ts";
import type * as index from "./index.ts";

// What is imported statically has to fit together before anything runs: with Vite in between, an older Node ends with an
// error of the language. `package.json` leads here whoever does not know `module-sync`, a condition as old as the Node
// that is needed; others get `index.ts` itself, which can be required because nothing in it waits.
requireNode(process.versions.node);
export const apiRoutes: typeof index.apiRoutes = (await import("./index.ts")).apiRoutes;
