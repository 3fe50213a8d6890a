import type { TabAnswer } from "../protocol/page-wire.ts";
import type { SettledTab } from "../protocol/settlement.ts";
import type { PageChannel, PageConnection, Tab } from "./page-channel.ts";

/** How long a page may say nothing. */
const PATIENCE_MS = 5_000;

let asked = 0;

/**
 * Wait until the pages that somebody sees have applied all that they were told, or say why they could not. Pages that nobody
 * sees apply it when they are shown.
 */
export async function settleTabs(
  channel: PageChannel,
  patienceMs: number = PATIENCE_MS,
): Promise<readonly SettledTab[]> {
  await channel.tellSaves();
  const successors = new Set<string>();
  const seen = channel.tabs.filter(({ isVisible }) => isVisible);
  return Promise.all(seen.map(async (tab) => settleTab(channel, tab, { successors, patienceMs })));
}

async function settleTab(
  channel: PageChannel,
  tab: Tab,
  { successors, patienceMs }: { readonly successors: Set<string>; readonly patienceMs: number },
): Promise<SettledTab> {
  const { url } = tab;
  const ask = ++asked;
  let isReloaded = false;
  const question = (connection: PageConnection): void =>
    connection.send({ type: "custom", event: "orbit:settle", data: { ask } });
  return new Promise((resolve) => {
    const end = (result: SettledTab["result"], errors: TabAnswer["errors"] = []): void => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      resolve({ url, result, errors });
    };
    const wait = (): NodeJS.Timeout => setTimeout(() => end("silent"), patienceMs);
    let timer = wait();
    const stops = [
      channel.on("orbit:settled", ({ ask: answered, result, errors }) => {
        if (answered !== ask) return;
        // The next document at this address answers for it.
        if (result === "leaving") isReloaded = true;
        else end(isReloaded && result === "applied" ? "reloaded" : result, errors);
      }),
      channel.on("orbit:register", (page, _tab, connection) => {
        const isSame = page.tab === tab.id;
        if (!isSame && (page.url !== url || successors.has(page.tab))) return;
        isReloaded ||= !isSame;
        successors.add(page.tab);
        clearTimeout(timer);
        timer = wait();
        question(connection);
      }),
    ];
    question(tab.connection);
  });
}
