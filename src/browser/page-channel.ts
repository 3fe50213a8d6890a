import { countMessage } from "../protocol/counters.ts";
import { PAGE_EVENT_PREFIX } from "../protocol/page-events.ts";
import type { PageMessage, Sent } from "../protocol/page-events.ts";

/** Sends a custom event to every page that is open. */
export type SendToPages = (event: string, detail: object) => void;

/** Number a message and send it. */
export function sendToPages({ name, detail }: PageMessage, version: number, send: SendToPages): void {
  const sent: Sent = { ...countMessage(), version };
  send(`${PAGE_EVENT_PREFIX}${name}`, { ...detail, ...sent });
}
