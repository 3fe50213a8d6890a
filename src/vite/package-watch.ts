import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import path from "node:path";
import type { ModuleRecord } from "../runtime/index.ts";

/**
 * Watches the folders of packages that are replaced like the project's own code: Vite's watcher leaves out
 * `node_modules`. Only folders with files that have run are watched; an event is a hint, the disk decides.
 */
export class PackageWatch {
  readonly #onEvent: (file: string) => void;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(onEvent: (file: string) => void) {
    this.#onEvent = onEvent;
  }

  /** Modules have run. */
  noteRan(modules: Iterable<ModuleRecord>): void {
    for (const { file } of modules) {
      if (file !== undefined && /[\\/]node_modules[\\/]/.test(file)) this.#watch(path.dirname(file));
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name !== null) this.#onEvent(path.join(folder, name));
    });
    // It is gone: the next request finds that out.
    watcher.on("error", () => this.#watchers.delete(folder));
    this.#watchers.set(folder, watcher);
  }
}
