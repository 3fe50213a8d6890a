import { loadEnv } from "vite";
import { processSlot } from "../protocol/process-slot.ts";
import { envFilesOf } from "./restarts/environment-saves.ts";

interface Written {
  readonly value: string;
  readonly by: EnvFiles;
}

/** What `process.env` has from files, whichever server put it there: the user's own keys are all the others. */
const ledger = (): Map<string, Written> => processSlot("env@1", () => new Map<string, Written>());

/**
 * The `.env*` files of the mode. All keys reach server code as `process.env`, those with Vite's prefixes as
 * `import.meta.env` too. What was in the process's environment before wins, as in Vite.
 */
export class EnvFiles {
  readonly #folder: string | false;
  readonly #mode: string;
  readonly #prefixes: readonly string[];
  #values: ReadonlyMap<string, string> = new Map();
  #importMetaEnvs = new WeakMap<object, object>();

  constructor(init: {
    readonly folder: string | false;
    readonly mode: string;
    readonly prefixes: string | readonly string[];
  }) {
    this.#folder = init.folder;
    this.#mode = init.mode;
    this.#prefixes = [init.prefixes].flat();
  }

  /** Where the files are, whether they exist or not. */
  get files(): readonly string[] {
    return envFilesOf(this.#folder, this.#mode);
  }

  /** Read the files anew. Returns the names of the keys whose values changed. */
  load(): readonly string[] {
    const before = this.#values;
    this.unload();
    this.#values = withoutLedger(() => this.#read());
    for (const [key, value] of this.#values) {
      process.env[key] = value;
      ledger().set(key, { value, by: this });
    }
    return changedKeys(before, this.#values);
  }

  /** Take the place of the files of a server that is replaced by this one's. Returns the keys that changed. */
  takeOver(replaced: EnvFiles): readonly string[] {
    const before = replaced.#values;
    replaced.unload();
    this.load();
    return changedKeys(before, this.#values);
  }

  /** Take back what was written to `process.env`, where nobody has changed it since. */
  unload(): void {
    for (const [key, { value, by }] of ledger()) {
      if (by !== this) continue;
      if (process.env[key] === value) delete process.env[key];
      ledger().delete(key);
    }
    this.#values = new Map();
    this.#importMetaEnvs = new WeakMap();
  }

  /** `import.meta.env`: what the transform wrote into a text, with today's values of the files. */
  importMetaEnv(baked: object): object {
    let env = this.#importMetaEnvs.get(baked);
    if (env === undefined) {
      const own = Object.entries(baked).filter(([key]) => !this.isPublic(key));
      const published = Object.entries(process.env).filter(([key]) => this.isPublic(key));
      env = Object.fromEntries([...own, ...published]);
      this.#importMetaEnvs.set(baked, env);
    }
    return env;
  }

  /** The keys that only the files have: `loadEnv` mixes in what is in `process.env`, and prefers it. */
  #read(): Map<string, string> {
    const loaded = this.#folder === false ? {} : loadEnv(this.#mode, this.#folder, "");
    return new Map(Object.entries(loaded).filter(([key]) => process.env[key] === undefined));
  }

  /** Whether `import.meta.env` has the key as well. */
  isPublic(key: string): boolean {
    return this.#prefixes.some((prefix) => prefix !== "" && key.startsWith(prefix));
  }
}

/** See `process.env` as the user started the process. Synchronous: nobody else sees it like that. */
function withoutLedger<T>(look: () => T): T {
  const hidden = [...ledger()].filter(([key, { value }]) => process.env[key] === value);
  for (const [key] of hidden) delete process.env[key];
  try {
    return look();
  } finally {
    for (const [key, { value }] of hidden) process.env[key] = value;
  }
}

function changedKeys(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key));
}
