import type { ToPage } from "../../protocol/page-wire.ts";
import type { TakenOutput } from "../modules/taken-output.ts";
import type { PageHub, ServerLink, ViteNews } from "../page-hub.ts";
import type { PagePatches } from "../patch/page-patches.ts";
import { messageOf } from "../../protocol/message-of.ts";

/** The file that brings a page up to date with an edit of its HTML. */
interface MorphModule {
  readonly PagePatches: typeof PagePatches;
}

/** How long Vite's client may take until it loads a page again that it is about to. */
const SOON_MS = 2_000;

/** What Vite's client tells before it applies updates. */
interface UpdateNews {
  readonly updates: readonly { readonly isWithinCircularImport?: boolean | undefined }[];
}

/** Load the page again when the server says so, and keep what there is when Vite's client does it by itself. */
export function followReloads(hub: PageHub, link: ServerLink, vite: ViteNews, taken: TakenOutput): void {
  let patches: Promise<PagePatches> | undefined;
  const reload = (reason: string, seq: number): void => {
    const isLeaving = hub.reload(reason);
    hub.outcomes.tell({ seq, result: isLeaving ? "reloaded" : "failed", reason });
  };
  link.on("orbit:reload", (message) => {
    const isTaken = taken.covers(message.files, message.seq);
    if (isTaken === undefined) return follow(message);
    // Where it is refused, the page is loaded again for that.
    hub.work.add(message.page === undefined ? isTaken : forgetText(hub, isTaken));
    return undefined;
  });
  const follow = ({ reason, page, seq }: ToPage["orbit:reload"]): void => {
    // Vite's client has been told of it before, and does nothing.
    hub.expectReload(0);
    // What another page shows is nothing to this one. Where it is not known what this one shows, it may be that.
    if (page !== undefined && hub.html !== undefined && hub.html !== page) return;
    if (page === undefined) return reload(reason, seq);
    const patch = async (): Promise<void> => {
      patches ??= loadPatches(hub, link);
      const hindrance = await patches.then(async (own) => own.update()).catch(messageOf);
      if (hindrance === undefined) hub.outcomes.tell({ seq, result: "applied" });
      else reload(`${reason} ${hindrance}`, seq);
    };
    hub.work.add(patch());
  };
  let isFirst = true;
  vite.on("vite:beforeUpdate", ({ updates }: UpdateNews) => {
    // Vite's client loads a page that began with an error, and one in which modules that import each other fail.
    const isBroken = isFirst && document.querySelector("vite-error-overlay") !== null;
    isFirst = false;
    if (isBroken || updates.some(({ isWithinCircularImport }) => isWithinCircularImport === true))
      hub.expectReload(SOON_MS);
  });
  // Told to this page alone by a plugin, past the server's rules.
  vite.on("vite:beforeFullReload", () => hub.expectReload(SOON_MS));
}

/** A page that has become in another way what its HTML says now is like none of its texts, as far as anybody can tell. */
async function forgetText(hub: PageHub, isTaken: Promise<boolean>): Promise<void> {
  if (await isTaken) hub.text = undefined;
}

async function loadPatches(hub: PageHub, link: ServerLink): Promise<PagePatches> {
  const address = `${hub.base}@orbit/morph.js`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the server has there
  const { PagePatches: Patches } = (await import(/* @vite-ignore */ address)) as MorphModule;
  return new Patches(hub, link);
}
