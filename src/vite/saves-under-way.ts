import type { Plugin, ViteDevServer } from "vite";

/** Vite answers some saves in another way, with a restart above all: nobody waits for those. */
const PATIENCE_MS = 1_000;

interface SaveUnderWay {
  readonly done: Promise<void>;
  readonly end: () => void;
}

/** Saves that Vite has been told of and has not told pages of yet. */
class SavesUnderWay {
  /** By file, oldest first: Vite may be told of the next save before it is done with one. */
  readonly #saves = new Map<string, SaveUnderWay[]>();

  begin(file: string): void {
    const all = this.#saves.get(file) ?? [];
    this.#saves.set(file, all);
    let end: SaveUnderWay["end"] = () => undefined;
    const done = new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.end(file), PATIENCE_MS).unref();
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    all.push({ done, end });
  }

  end(file: string): void {
    this.#saves.get(file)?.shift()?.end();
  }

  async settled(): Promise<void> {
    await Promise.all([...this.#saves.values()].flat().map(async ({ done }) => done));
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
