import type { PageHub, ServerLink } from "../page-hub.ts";
import type { TakenOutput } from "./taken-output.ts";
import type { UpdateApplication } from "./apply-updates.ts";

/** What applies updates: a file of its own, for pages that get some. */
interface UpdatesModule {
  readonly UpdateApplication: typeof UpdateApplication;
}

/** Resolves with why the page has to be loaded again, where it has to. */
type Apply = (updates: UpdateApplication) => Promise<string | undefined>;

/** Apply updates of modules that no bundler knows, one after another. */
export function followModules(hub: PageHub, link: ServerLink, taken: TakenOutput): void {
  const { modules } = hub;
  if (modules === undefined) return;
  let application: Promise<UpdateApplication> | undefined;
  const load = async (): Promise<UpdateApplication> => {
    const address = `${hub.base}@orbit/modules.js`;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the server has there
    const { UpdateApplication: Application } = (await import(/* @vite-ignore */ address)) as UpdatesModule;
    return new Application(modules);
  };
  let last: Promise<void> = Promise.resolve();
  let isApplying = false;
  const run = async (before: Promise<void>, apply: Apply, seq: number | undefined): Promise<void> => {
    await before;
    isApplying = true;
    application ??= load();
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
  link.on("orbit:hmr", (message) => {
    const { output, seq } = message;
    if (output !== undefined && !modules.mayTake(message)) return;
    const applied = new Promise<boolean>((resolve) => {
      inTurn(async (updates) => {
        const refusal = await updates.apply(message);
        resolve(refusal === undefined);
        return refusal;
      }, seq);
    });
    if (output !== undefined) taken.note(output, applied);
  });
  modules.onInvalid((id) => {
    // Whoever says it while it takes an update is asked for it there.
    if (!isApplying) inTurn(async (updates) => updates.invalidate(id));
  });
}
