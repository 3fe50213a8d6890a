import type { ResolvedOptions } from "../settings/options.ts";
import type { BundlerSettings } from "./bundler-settings.ts";

/** What a graph is opened for. */
export interface ProjectGraphOptions {
  readonly root: string;
  /** Folders that may hold the routes; the first that exists does. */
  readonly apiDirs: readonly string[];
  /** Where the routes are mounted: `/api`. */
  readonly prefix: string;
  readonly tracking: ResolvedOptions["dependencyTracking"];
  readonly bundler: BundlerSettings;
  /** What reading the project gives way to, asked between its turns; `undefined` where it need not wait. */
  readonly pause?: (() => Promise<void> | undefined) | undefined;
  /**
   * Asked for what resolution by files cannot find, such as ids of plugins: a file, or `undefined` when it is none.
   * Answers are linked when they arrive.
   */
  readonly resolveId?: ((specifier: string, importer: string) => Promise<string | undefined>) | undefined;
}
