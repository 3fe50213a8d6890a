import { SETTLE_PATH } from "../protocol/settlement.ts";
import type { Settlement } from "../protocol/settlement.ts";
import type { Action } from "./commands.ts";
import { askRunningServer } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";

/** Wait until the running server of a project has made every saved change live, or says why it cannot. */
export async function runSettle(
  { dir, json, timeoutMs }: Extract<Action, { kind: "settle" }>,
  terminal: Terminal,
): Promise<"done" | "failed"> {
  const { document } = await askRunningServer(dir, { method: "POST", path: SETTLE_PATH, timeoutMs });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server has proven to be ours
  const settlement = document as Settlement;
  if (json) terminal.document(settlement);
  else show(settlement, terminal);
  return settlement.ok ? "done" : "failed";
}

function show({ plan, version, errors }: Settlement, terminal: Terminal): void {
  terminal.report({ event: "reload", ...plan, ran: [], version });
  for (const error of errors)
    terminal.report({ event: "error", ...error, routes: [], retries: 0, offersRestart: false, version });
}
