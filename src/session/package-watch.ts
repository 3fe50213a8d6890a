import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import path from "node:path";
import type { ModuleRecord } from "../runtime/index.ts";
import { isOfPackage } from "../protocol/package-files.ts";

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
      if (file !== undefined && isOfPackage(file)) this.#watch(path.dirname(file));
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    const watcher = this.#open(folder);
    if (watcher === undefined) return;
    watcher.on("error", () => {
      watcher.close();
      this.#watchers.delete(folder);
    });
    this.#watchers.set(folder, watcher);
  }

  /** Returns nothing where the folder is gone or the system has no watch left: then the next request finds the change. */
  #open(folder: string): FSWatcher | undefined {
    try {
      return watch(folder, { persistent: false }, (_event, name) => {
        if (name !== null) this.#onEvent(path.join(folder, name));
      });
    } catch {
      return undefined;
    }
  }
}
