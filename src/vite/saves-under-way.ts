import type { Plugin, ViteDevServer } from "vite";

/** Vite answers some saves in another way, with a restart above all: nobody waits for those. */
const PATIENCE_MS = 1_000;

/** Saves that Vite has been told of and has not told pages of yet. */
class SavesUnderWay {
  /** How many by file: Vite may be told of the next save before it is done with one. */
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  begin(file: string): void {
    this.#counts.set(file, (this.#counts.get(file) ?? 0) + 1);
    setTimeout(() => this.#forget(file), PATIENCE_MS).unref();
  }

  end(file: string): void {
    const count = (this.#counts.get(file) ?? 1) - 1;
    if (count > 0) this.#counts.set(file, count);
    else this.#forget(file);
  }

  /** Resolves when none is under way. */
  async settled(): Promise<void> {
    if (this.#counts.size > 0) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #forget(file: string): void {
    this.#counts.delete(file);
    if (this.#counts.size > 0) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

const savesByConfig = new WeakMap<object, SavesUnderWay>();

function savesOf({ config }: ViteDevServer): SavesUnderWay {
  const saves = savesByConfig.get(config) ?? new SavesUnderWay();
  savesByConfig.set(config, saves);
  return saves;
}

/** Knows when Vite has told pages of a save: right after the hooks of all plugins for all environments. */
export function noteToldSaves(): Plugin {
  return {
    name: "orbit-hmr:told-saves",
    configureServer(server) {
      for (const event of ["change", "add", "unlink"] as const)
        server.watcher.prependListener(event, (file: string) => savesOf(server).begin(file));
    },
    hotUpdate: {
      order: "post",
      handler({ server, file }) {
        if (Object.values(server.environments).at(-1) !== this.environment) return;
        setImmediate(() => savesOf(server).end(file));
      },
    },
  };
}

/** Resolves when pages have been told of all saves that Vite knows of. */
export async function savesTold(server: ViteDevServer): Promise<void> {
  await savesOf(server).settled();
}
