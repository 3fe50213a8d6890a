import type { ModuleUpdate, ModuleUpdates } from "../../protocol/module-updates.ts";

/** `false`, a throw, a rejection and 5 s of silence say that an update is not applied; anything else, that it is. */
export type Applied = unknown;

/** What takes updates of one module. Without the part for an update, that one is not applied. */
export interface AcceptParts {
  /** Takes the text of the new style. */
  readonly style?: (css: string, update: ModuleUpdate) => Applied;
  readonly template?: (update: ModuleUpdate) => Applied;
  /** Takes new code, such as from the address in `url`; also that of a module below, which could not take it itself. */
  readonly module?: (update: ModuleUpdate) => Applied;
  /** Called before new code is taken, with what `orbit.data()` has: the place for what is to go on. */
  readonly dispose?: (data: object) => void;
  /** Which shape the state has. An update that says another one is not applied. */
  readonly schema?: number;
}

/** Gets the names of modules, what has changed first, then whatever depends on it; and both apart. */
export type ModulesHandler = (
  modules: readonly string[],
  apart: { readonly changed: readonly string[]; readonly dependents: readonly string[] },
) => Applied;

/** A part of a page that runs WebAssembly, and can go on with another instance. */
export interface WasmUse {
  /** What the instance exports that runs now. */
  readonly current: () => object;
  /** What the next one imports, or what makes that. */
  readonly imports?: WebAssembly.Imports | (() => WebAssembly.Imports);
  /** The next one runs from now on, and has the state of the one before: show what it has. */
  readonly swap: (next: WebAssembly.Exports) => Applied;
}

/** Who uses what is at an address. */
export interface WasmUses {
  /** Relative to the base of the project. */
  readonly file: string;
  readonly address: URL;
  readonly uses: ReadonlySet<WasmUse>;
}

/** What pages have as `window.orbit`. */
export interface Orbit {
  /**
   * Take updates of a module. Several may take those of one, and all are asked.
   *
   * @returns what ends it
   * @throws {TypeError} for a part that is none, or one that is no function
   */
  accept(id: string, parts: AcceptParts): () => void;
  /** An object that outlives updates of a module, and reloads as far as JSON can say it. */
  data(id: string): object;
  /** The module cannot take the update after all: whoever depends on it is asked, then the page is loaded again. */
  invalidate(id: string): void;
  /**
   * Let new WebAssembly take the place of what runs, with its state, as soon as it is built. Both modules export `memory` and
   * `orbit_schema() -> u32`, `orbit_save() -> length`, `orbit_ptr() -> address`, `orbit_alloc(length) -> address` and
   * `orbit_restore() -> 0 or 1`; where one does not, or the state has another shape, the page is loaded again.
   *
   * @param url where the page has it from
   * @returns what ends it
   * @throws {TypeError} where `current` or `swap` is no function
   */
  swapWasm(url: string | URL, use: WasmUse): () => void;
}

const PARTS = ["style", "template", "module", "dispose"];

/** Who takes updates in a page. It is there before anything of the page runs, whoever applies them comes later. */
export class ModuleHandlers implements Orbit {
  readonly accepting: Map<string, Set<AcceptParts>> = new Map();
  readonly handlers: Set<ModulesHandler> = new Set();
  /** Modules that have said of themselves that they cannot take an update. */
  readonly invalid: Set<string> = new Set();
  readonly #wasm = new Map<string, Set<WasmUse>>();
  readonly #data: Map<string, object>;
  readonly #said = new Set<string>();
  readonly #say: (text: string) => void;
  #onInvalid: ((id: string) => void) | undefined;

  /** @param data what the document before has left */
  constructor(data: Readonly<Record<string, object>>, say: (text: string) => void) {
    this.#data = new Map(Object.entries(data));
    this.#say = say;
  }

  accept(id: string, parts: AcceptParts): () => void {
    const call = `orbit.accept(${JSON.stringify(id)}, …)`;
    for (const [name, part] of Object.entries(parts)) {
      const problem = problemOf(name, part);
      if (problem !== undefined)
        throw new TypeError(
          `${call}: ${JSON.stringify(name)} is ${problem}. Expected functions ${PARTS.join(", ")} and a number schema.`,
        );
    }
    const all = this.accepting.get(id) ?? new Set();
    this.accepting.set(id, all);
    // The same parts may be given twice, and each is ended by itself.
    const own = { ...parts };
    all.add(own);
    return () => void all.delete(own);
  }

  register(handler: ModulesHandler): () => void {
    if (typeof handler !== "function")
      throw new TypeError(`__ORBIT_REGISTER_HMR_HANDLER(handler): the handler is no function.`);
    const own: ModulesHandler = (modules, apart) => handler(modules, apart);
    this.handlers.add(own);
    return () => void this.handlers.delete(own);
  }

  data(id: string): object {
    const data = this.#data.get(id) ?? {};
    this.#data.set(id, data);
    return data;
  }

  invalidate(id: string): void {
    this.invalid.add(id);
    this.#onInvalid?.(id);
  }

  swapWasm(url: string | URL, use: WasmUse): () => void {
    if (typeof use?.current !== "function" || typeof use.swap !== "function")
      throw new TypeError(`orbit.swapWasm(${JSON.stringify(url)}, …): expected functions current and swap.`);
    const name = pathOf(new URL(url, document.baseURI));
    const all = this.#wasm.get(name) ?? new Set();
    this.#wasm.set(name, all);
    const own = { ...use };
    all.add(own);
    return () => void all.delete(own);
  }

  /** Who uses one of these files, relative to the base of the project. */
  usesOf(files: readonly string[], base: string): readonly WasmUses[] {
    return files.flatMap((file) => {
      const address = new URL(base, location.href);
      address.pathname += file;
      const uses = this.#wasm.get(pathOf(address));
      return uses === undefined || uses.size === 0 ? [] : [{ file, address, uses }];
    });
  }

  /** Whether the page has code that may take an update. */
  mayTake({ modules: { changed, dependents } }: Pick<ModuleUpdates, "modules">): boolean {
    return (
      this.handlers.size > 0 ||
      [...changed, ...dependents].some((id) => (this.accepting.get(id)?.size ?? 0) > 0)
    );
  }

  /** Hear of modules that are invalidated, from now on and before. */
  onInvalid(listener: (id: string) => void): void {
    this.#onInvalid = listener;
    for (const id of this.invalid) listener(id);
  }

  /** What of the data can go over a reload. What cannot is said once. */
  keptData(): Readonly<Record<string, object>> {
    const kept = [...this.#data].map(([id, data]) => {
      const entries = Object.entries(data).filter(([name, value]) => {
        const isKept = isPlain(value);
        if (!isKept) this.#sayOnce(`orbit.data(${JSON.stringify(id)}).${name} is lost: it is not JSON.`);
        return isKept;
      });
      return [id, Object.fromEntries(entries)] as const;
    });
    return Object.fromEntries(kept);
  }

  #sayOnce(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#say(text);
  }
}

/** The same for all ways to write it. */
function pathOf({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function problemOf(name: string, part: unknown): string | undefined {
  if (name === "schema") return typeof part === "number" ? undefined : "no number";
  if (!PARTS.includes(name)) return "no part";
  return typeof part === "function" ? undefined : "no function";
}

/** Whether JSON gives back exactly this. */
function isPlain(value: unknown, around: readonly unknown[] = []): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value !== "object" || around.includes(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(value)) return false;
  return Object.values(value).every((part) => isPlain(part, [...around, value]));
}
