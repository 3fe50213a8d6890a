import type { ModuleUpdate, ModuleUpdates } from "../../protocol/module-updates.ts";
import type { AcceptParts, Applied, ModuleHandlers, WasmUses } from "./module-handlers.ts";
import { swapWasm } from "./wasm-swap.ts";

/** Whoever is asked may take so long. */
const PATIENCE_MS = 5_000;

/** Why an update is not applied; nothing where it is. */
type NotApplied = string | undefined;

/** Applies updates of modules: to whoever takes them by name, to those that depend on it, to those who take everything. */
export class UpdateApplication {
  readonly #modules: ModuleHandlers;
  /** The modules above each, nearest first, as the server has told last. */
  readonly #parents = new Map<string, readonly string[]>();

  constructor(modules: ModuleHandlers) {
    this.#modules = modules;
  }

  /** Returns why the page has to be loaded again, where it has to. */
  async apply({ modules, updates }: ModuleUpdates): Promise<NotApplied> {
    const left = new Set(modules.changed);
    const refusals: string[] = [];
    for (const update of updates) {
      if (update.parents !== undefined) this.#parents.set(update.id, update.parents);
      const refusal = await this.#offer(update);
      if (refusal === undefined) left.delete(update.id);
      else {
        left.add(update.id);
        refusals.push(refusal);
      }
    }
    if (left.size === 0) return undefined;
    const refusal = await this.#offerToAll([...left], modules.dependents);
    return refusal && [...refusals, refusal].join(" ");
  }

  /** New WebAssembly is there. */
  async swap(all: readonly WasmUses[]): Promise<NotApplied> {
    for (const { address, uses } of all) {
      const refusal = await swapWasm(address, uses, async (take) => outcomeOf(address.pathname, take));
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  /** A module has said that it cannot take what it has. */
  async invalidate(id: string): Promise<NotApplied> {
    this.#modules.invalid.delete(id);
    const refusal = await this.#offerToParents({ id, kind: "module" });
    return refusal && (await this.#offerToAll([id], this.#parents.get(id) ?? []));
  }

  async #offer(update: ModuleUpdate): Promise<NotApplied> {
    const own = await this.#offerTo(update.id, update);
    return own && (await this.#offerToParents(update)) && own;
  }

  async #offerToParents(update: ModuleUpdate): Promise<NotApplied> {
    for (const parent of this.#parents.get(update.id) ?? []) {
      const refusal = await this.#offerTo(parent, { ...update, id: parent, kind: "module", from: update.id });
      if (refusal === undefined) return undefined;
    }
    return `Nobody above ${update.id} takes it.`;
  }

  /** All that take updates of one module have to take this one. */
  async #offerTo(id: string, update: ModuleUpdate): Promise<NotApplied> {
    const accepting = this.#modules.accepting.get(id);
    if (accepting === undefined || accepting.size === 0) return `Nobody takes updates of ${id}.`;
    this.#modules.invalid.delete(id);
    const before = [...accepting];
    for (const parts of before) {
      const refusal = await this.#give(parts, update);
      if (refusal !== undefined) return refusal;
    }
    // New code takes its own updates from now on; where it has not said so, the old one goes on.
    const isReplaced = [...accepting].some((parts) => !before.includes(parts));
    if (isReplaced) for (const parts of before) accepting.delete(parts);
    return this.#modules.invalid.delete(id) ? `${id} cannot take the update.` : undefined;
  }

  async #give(parts: AcceptParts, update: ModuleUpdate): Promise<NotApplied> {
    const { id, kind, schema } = update;
    if (schema !== undefined && parts.schema !== undefined && schema !== parts.schema)
      return `The state of ${id} has another shape than before.`;
    const part = parts[kind];
    if (part === undefined) return `${id} takes no ${kind}.`;
    return outcomeOf(id, () => {
      if (kind === "module") parts.dispose?.(this.#modules.data(id));
      return kind === "style" ? parts.style?.(update.css ?? "", update) : parts[kind]?.(update);
    });
  }

  async #offerToAll(changed: readonly string[], dependents: readonly string[]): Promise<NotApplied> {
    const { handlers } = this.#modules;
    const names = changed.join(", ");
    if (handlers.size === 0) return `${names} changed, and nobody takes it.`;
    const others = dependents.filter((name) => !changed.includes(name));
    const modules = [...changed, ...others];
    for (const handler of handlers) {
      const refusal = await outcomeOf(names, () => handler(modules, { changed, dependents: others }));
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }
}

async function outcomeOf(what: string, take: () => Applied): Promise<NotApplied> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<NotApplied>((resolve) => {
    timer = setTimeout(() => resolve(`Whoever takes ${what} has said nothing for 5 s.`), PATIENCE_MS);
  });
  const answer = async (): Promise<NotApplied> => {
    try {
      return (await take()) === false ? `Whoever takes ${what} has refused it.` : undefined;
    } catch (error) {
      return `Whoever takes ${what} has thrown: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  const refusal = await Promise.race([answer(), patience]);
  clearTimeout(timer);
  return refusal;
}
