import { STATUS_PATH } from "../protocol/status.ts";
import type { StatusDocument } from "../protocol/status.ts";
import type { ProjectQuery } from "./commands.ts";
import { showBlocked } from "./blocked-server.ts";
import { askRunningServer } from "./running-server.ts";
import { statusText } from "./status-text.ts";
import type { Terminal } from "./terminal.ts";

/** A server whose modules are evaluated just now answers when that is done. */
const TIMEOUT_MS = 10_000;

/** Show what the running server of a project says about itself. */
export async function runStatus(
  { dir, json }: ProjectQuery,
  terminal: Terminal,
): Promise<"done" | "blocked"> {
  const question = { method: "GET", path: STATUS_PATH, timeoutMs: TIMEOUT_MS } as const;
  const reply = await askRunningServer(dir, question, { ms: 0 });
  if (reply.kind === "blocked") return showBlocked(reply, json, terminal);
  const { record, document } = reply;
  if (json) terminal.document(document);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server has proven to be ours
  else terminal.print(statusText(document as StatusDocument, record));
  return "done";
}
