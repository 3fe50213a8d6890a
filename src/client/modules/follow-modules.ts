import type { PageHub, ServerLink } from "../page-hub.ts";
import { TakenOutput } from "./taken-output.ts";
import type { ModuleHandlers } from "./module-handlers.ts";
import type { UpdateApplication } from "./apply-updates.ts";

/** What applies updates: a file of its own, for pages that get some. */
interface UpdatesModule {
  readonly UpdateApplication: typeof UpdateApplication;
}

/** Resolves with why the page has to be loaded again, where it has to. */
type Apply = (updates: UpdateApplication) => Promise<string | undefined>;

/** Apply updates of modules that no bundler knows, one after another. Returns which files the page takes in by that. */
export function followModules(hub: PageHub, link: ServerLink): TakenOutput {
  const { modules, base } = hub;
  if (modules === undefined) return new TakenOutput(() => undefined);
  let application: Promise<UpdateApplication> | undefined;
  let last: Promise<void> = Promise.resolve();
  let isApplying = false;
  const run = async (before: Promise<void>, apply: Apply, seq: number | undefined): Promise<void> => {
    await before;
    isApplying = true;
    application ??= load(modules, base);
    const reason = await application.then(apply).catch(String);
    isApplying = false;
    const isLeaving = reason !== undefined && hub.reload(reason);
    const result = reason === undefined ? "applied" : isLeaving ? "reloaded" : "failed";
    if (seq !== undefined) hub.outcomes.tell({ seq, result, reason });
    for (const id of modules.invalid) inTurn(async (updates) => updates.invalidate(id));
    modules.invalid.clear();
  };
  const inTurn = (apply: Apply, seq?: number): void => {
    last = run(last, apply, seq);
    hub.work.add(last);
  };
  const applied = async (apply: Apply, seq: number): Promise<boolean> =>
    new Promise((resolve) => {
      inTurn(async (updates) => {
        const refusal = await apply(updates);
        resolve(refusal === undefined);
        return refusal;
      }, seq);
    });
  const taken = new TakenOutput((files, seq) => {
    const swaps = modules.usesOf(files, base);
    return swaps.length < files.length ? undefined : applied(async (updates) => updates.swap(swaps), seq);
  });
  link.on("orbit:hmr", (message) => {
    const { output, seq } = message;
    const swaps = modules.usesOf(output ?? [], base);
    const mayTake =
      output === undefined ||
      modules.mayTake(message) ||
      message.updates.some(({ rev }) => rev !== undefined);
    if (!mayTake && swaps.length === 0) return;
    // What is told of the modules then finds the new code running.
    const apply: Apply = async (updates) =>
      (await updates.swap(swaps)) ?? (mayTake ? updates.apply(message) : undefined);
    const isApplied = applied(apply, seq);
    if (output !== undefined) taken.note(mayTake ? output : swaps.map(({ file }) => file), isApplied);
  });
  link.on("orbit:hello", ({ components = [] }) => {
    const message = { modules: { changed: [], dependents: [] }, updates: components, isAhead: true };
    if (components.length > 0) inTurn(async (updates) => updates.apply(message));
  });
  modules.onInvalid((id) => {
    // Whoever says it while it takes an update is asked for it there.
    if (!isApplying) inTurn(async (updates) => updates.invalidate(id));
  });
  return taken;
}

async function load(modules: ModuleHandlers, base: string): Promise<UpdateApplication> {
  const address = `${base}@orbit/modules.js`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the server has there
  const { UpdateApplication: Application } = (await import(/* @vite-ignore */ address)) as UpdatesModule;
  return new Application(modules, base);
}
