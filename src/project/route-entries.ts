import { RouteFiles } from "./route-files.ts";
import type { Names } from "./paths.ts";
import { slashed } from "../disk/file-names.ts";

/** The routes of a project by the absolute files that serve them. */
export class RouteEntries {
  readonly #routeFiles: RouteFiles;
  #current: ReadonlyMap<string, string> = new Map();
  /** A deleted route was affected by what it imported: it no longer answers. */
  readonly #former = new Map<string, string>();

  constructor(names: Names, options: { readonly apiDirs: readonly string[]; readonly prefix: string }) {
    this.#routeFiles = new RouteFiles({ root: names.root, ...options });
    this.refresh();
  }

  get current(): ReadonlyMap<string, string> {
    return this.#current;
  }

  get former(): ReadonlyMap<string, string> {
    return this.#former;
  }

  /** Look at the api folder again. */
  refresh(): void {
    const before = this.#current;
    const found = new Map<string, string>();
    for (const route of this.#routeFiles.table().routes) {
      const file = slashed(this.#routeFiles.fileOf(route));
      if (!found.has(file)) found.set(file, route.path);
    }
    for (const [file, path] of before) if (!found.has(file)) this.#former.set(file, path);
    for (const file of found.keys()) this.#former.delete(file);
    this.#current = found;
  }
}
