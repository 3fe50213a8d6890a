import type { ExternalModule, ModuleRecord } from "../model/module-record.ts";
import type { Named } from "../model/run-reason.ts";

/**
 * Something that generations depend on, and that has changed.
 *
 * A module that runs again has new exports and new objects, and says anew what it says to globals and packages. One that
 * is spared has exports that may behave differently: its functions call something new.
 */
export type ChangedSource =
  | { readonly kind: "exports"; readonly module: ModuleRecord; readonly isMadeAnew: boolean }
  | { readonly kind: "objects"; readonly module: ModuleRecord }
  | { readonly kind: "global"; readonly name: string; readonly by: Named }
  | { readonly kind: "package"; readonly package: ExternalModule; readonly by: Named }
  | { readonly kind: "environment"; readonly keys: readonly string[] };
