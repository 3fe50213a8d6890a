import { SETTLE_PATH, WITH_TABS } from "../protocol/settlement.ts";
import type { SettledTab, Settlement } from "../protocol/settlement.ts";
import type { Action } from "./commands.ts";
import { blockedText, showBlocked } from "./blocked-server.ts";
import { askRunningServer } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";

/** Some modules take long to load. What has kept a server busy for so long will not come back. */
const BLOCK_PATIENCE_MS = 10_000;

/** Wait until the running server of a project has made every saved change live, or says why it cannot. */
export async function runSettle(
  { dir, json, timeoutMs, tabs }: Extract<Action, { kind: "settle" }>,
  terminal: Terminal,
): Promise<"done" | "failed" | "blocked"> {
  const question = { method: "POST", path: tabs ? SETTLE_PATH + WITH_TABS : SETTLE_PATH, timeoutMs } as const;
  const reply = await askRunningServer(dir, question, {
    ms: BLOCK_PATIENCE_MS,
    onWait: (blocked) => terminal.warn(blockedText(blocked)),
  });
  if (reply.kind === "blocked") return showBlocked(reply, json, terminal);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server has proven to be ours
  const settlement = reply.document as Settlement;
  if (json) terminal.document(settlement);
  else show(settlement, terminal);
  return settlement.ok ? "done" : "failed";
}

function show({ plan, version, errors, tabs = [] }: Settlement, terminal: Terminal): void {
  terminal.report({ event: "reload", ...plan, ran: [], version });
  for (const error of errors)
    terminal.report({ event: "error", ...error, routes: [], retries: 0, offersRestart: false, version });
  for (const { url, result, errors: faults } of tabs) {
    terminal.print(`page ${url} ${TAB_WORDS[result]}`);
    for (const fault of faults) terminal.warn(`  ${fault}`);
  }
}

const TAB_WORDS: Readonly<Record<SettledTab["result"], string>> = {
  applied: "has applied it",
  reloaded: "was loaded again",
  failed: "could not apply it",
  silent: "has said nothing for 5 s",
};
