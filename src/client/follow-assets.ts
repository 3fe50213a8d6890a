import type { Assets } from "../protocol/page-wire.ts";
import type { Sent } from "../protocol/page-events.ts";
import type { addressesOf, swapImages, swapStyleSheets } from "./assets/index.ts";
import type { PageHub, ServerLink, ViteNews } from "./page-hub.ts";

/** What shows styles and images anew: a file of its own, which no page waits for. */
interface AssetsModule {
  readonly addressesOf: typeof addressesOf;
  readonly swapImages: typeof swapImages;
  readonly swapStyleSheets: typeof swapStyleSheets;
}

/** What Vite's client tells before it applies updates. It applies what is in there then. */
interface UpdatePayload {
  readonly seq?: number | undefined;
  readonly updates: readonly { readonly type: string; readonly path: string }[];
}

/** No address of a page has it. */
const TAKEN = "?orbit-taken";

/** Show styles and images anew when their files are saved. */
export function followAssets(hub: PageHub, link: ServerLink, vite: ViteNews): void {
  // Vite's client is loaded from where the files are.
  const server = new URL(hub.base, import.meta.url).href;
  const address = `${hub.base}@orbit/assets.js`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the server has there
  const load = async (): Promise<AssetsModule> => (await import(/* @vite-ignore */ address)) as AssetsModule;
  const assets = load();
  // Whoever needs it hears of it.
  assets.catch(() => undefined);

  vite.on("vite:beforeUpdate", async ({ seq = 0, updates }: UpdatePayload) => {
    const styles = updates.filter(({ type }) => type === "css-update");
    if (styles.length === 0) return;
    const module = await assets;
    const isMeant = module.addressesOf(
      styles.map(({ path }) => path),
      server,
    );
    for (const update of styles) hideOnce(update);
    hub.work.add(module.swapStyleSheets(isMeant).then((areLoaded) => tellOutcome(hub, seq, areLoaded)));
  });

  link.on("orbit:assets", ({ seq, paths, reload }) => {
    const show = async (): Promise<void> => {
      const { places, areLoaded } = await apply(await assets, paths, server);
      const isLeaving = reload !== undefined && places === 0 && hub.reload(reload);
      if (isLeaving) hub.outcomes.tell({ seq, result: "reloaded", reason: reload });
      else tellOutcome(hub, seq, areLoaded);
    };
    hub.work.add(show());
  });
}

/**
 * Vite's client takes the first link whose address has the path somewhere in it, and no other: it reads the path right after
 * this, and finds none. Whoever else reads it later is told of it as ever.
 */
function hideOnce(update: UpdatePayload["updates"][number]): void {
  const { path } = update;
  let isHidden = true;
  const get = (): string => {
    const read = isHidden ? TAKEN : path;
    isHidden = false;
    return read;
  };
  Object.defineProperty(update, "path", { get, enumerable: true });
}

async function apply(
  { addressesOf: meaning, swapImages: images, swapStyleSheets: styleSheets }: AssetsModule,
  paths: Assets["paths"],
  server: string,
): Promise<{ readonly places: number; readonly areLoaded: boolean }> {
  const [styles, others] = [paths.filter(isStyle), paths.filter((path) => !isStyle(path))];
  const areStyled = styles.length === 0 || (await styleSheets(meaning(styles, server)));
  const shown = await images(meaning(others, server));
  return { places: shown.places, areLoaded: areStyled && shown.areLoaded };
}

function isStyle(path: string): boolean {
  return path.endsWith(".css");
}

function tellOutcome({ outcomes }: PageHub, seq: Sent["seq"], areLoaded: boolean): void {
  outcomes.tell({ seq, result: areLoaded ? "applied" : "failed" });
}
