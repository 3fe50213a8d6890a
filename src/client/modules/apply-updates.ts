import { messageOf } from "../../protocol/message-of.ts";
import type { ModuleUpdate, ModuleUpdates } from "../../protocol/module-updates.ts";
import type { ComponentPatches } from "../components/component-patches.ts";
import type { AcceptParts, Applied, ModuleHandlers, WasmUses } from "./module-handlers.ts";
import { swapWasm } from "./wasm-swap.ts";

/** Whoever is asked may take so long. */
const PATIENCE_MS = 5_000;

/** What applies patches of components: a file of its own, for pages that get some. */
interface ComponentsModule {
  readonly ComponentPatches: typeof ComponentPatches;
}

/** Why an update is not applied; nothing where it is. */
type NotApplied = string | undefined;

/** What has become of updates that were offered by name. */
interface OfferedUpdates extends Pick<ModuleUpdates, "modules"> {
  readonly applied: ReadonlySet<string>;
  readonly refused: ReadonlyMap<ModuleUpdate, string>;
}

/** Applies updates of modules: to whoever takes them by name, to those that depend on it, to those who take everything. */
export class UpdateApplication {
  readonly #modules: ModuleHandlers;
  /** The modules above each, nearest first, as the server has told last. */
  readonly #parents = new Map<string, readonly string[]>();
  readonly #base: string;
  #patches: ComponentPatches | undefined;
  /** What has become of the last edit of each component. */
  readonly #had = new Map<string, { readonly rev: number; readonly refusal: NotApplied }>();

  /** @param base of the project, below which the server has the client */
  constructor(modules: ModuleHandlers, base: string) {
    this.#modules = modules;
    this.#base = base;
  }

  /** Returns why the page has to be loaded again, where it has to. */
  async apply({ modules, updates, isAhead }: ModuleUpdates): Promise<NotApplied> {
    const applied = new Set<string>();
    const refused = new Map<ModuleUpdate, string>();
    const again: string[] = [];
    for (const update of updates) {
      if (update.parents !== undefined) this.#parents.set(update.id, update.parents);
      const hasHad = this.#hasHad(update);
      const refusal = hasHad ? this.#hadRefusal(update) : await this.#offer(update);
      if (refusal === undefined) applied.add(update.id);
      else if (hasHad) again.push(refusal);
      else refused.set(update, refusal);
      if (!hasHad) this.#noteHad(update, refusal);
    }
    const isPatient = isAhead === true && !updates.some(isBack);
    const refusal = again.length > 0 ? again.join(" ") : await this.#offerRest({ modules, applied, refused });
    return isPatient ? undefined : refusal;
  }

  /** Offer to those who take everything what nobody else has taken. Whoever has refused an edit before is not asked again. */
  async #offerRest({ modules, applied, refused }: OfferedUpdates): Promise<NotApplied> {
    const ids = [...refused.keys()].map(({ id }) => id);
    const left = new Set([...modules.changed.filter((id) => !applied.has(id)), ...ids]);
    if (left.size === 0) return undefined;
    const refusal = await this.#offerToAll([...left], modules.dependents);
    if (refusal === undefined) for (const update of refused.keys()) this.#noteHad(update, undefined);
    return refusal && [...refused.values(), refusal].join(" ");
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
    const { id, kind, rev } = update;
    if (own === undefined && rev !== undefined && kind !== "module") this.#patches?.leave(id, kind);
    const isPatch = update.styles !== undefined || update.template !== undefined;
    const refusal = own && isPatch ? await this.#patch(update) : own;
    return refusal && (await this.#offerToParents(update)) && refusal;
  }

  /** Nobody takes it by name: what is marked in the page is brought up to date by itself. */
  async #patch(update: ModuleUpdate): Promise<NotApplied> {
    try {
      this.#patches ??= await loadPatches(this.#base);
      return this.#patches.apply(update);
    } catch (error) {
      return `${update.id} cannot be patched: ${messageOf(error)}`;
    }
  }

  #hasHad(update: ModuleUpdate): boolean {
    return update.rev !== undefined && this.#had.get(keyOf(update))?.rev === update.rev;
  }

  /** What has become of an edit that the page has had. What is patched may have become another thing since. */
  #hadRefusal(update: ModuleUpdate): NotApplied {
    const isPatched = this.#patches?.has(update) === true;
    return isPatched ? this.#patches?.refusalOf(update) : this.#had.get(keyOf(update))?.refusal;
  }

  #noteHad(update: ModuleUpdate, refusal: NotApplied): void {
    if (update.rev !== undefined) this.#had.set(keyOf(update), { rev: update.rev, refusal });
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
      return kind === "style" ? parts.style?.(cssOf(update), update) : parts[kind]?.(update);
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

async function loadPatches(base: string): Promise<ComponentPatches> {
  const address = `${base}@orbit/components.js`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the server has there
  const { ComponentPatches: Patches } = (await import(/* @vite-ignore */ address)) as ComponentsModule;
  return new Patches();
}

function keyOf({ id, kind }: ModuleUpdate): string {
  return `${kind} ${id}`;
}

/** Whether it is what it was when it was built: a page that is loaded again has just that. */
function isBack({ template }: ModuleUpdate): boolean {
  return template !== undefined && JSON.stringify(template.before) === JSON.stringify(template.after);
}

function cssOf({ css, styles }: ModuleUpdate): string {
  return css ?? styles?.join("\n") ?? "";
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
      return `Whoever takes ${what} has thrown: ${messageOf(error)}`;
    }
  };
  const refusal = await Promise.race([answer(), patience]);
  clearTimeout(timer);
  return refusal;
}
