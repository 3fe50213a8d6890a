import { randomUUID } from "node:crypto";
import { PAGE_EVENT_PREFIX } from "../protocol/page-events.ts";
import type { PageMessage, Sent } from "../protocol/page-events.ts";
import { processSlot } from "../protocol/process-slot.ts";

/** Sends a custom event to every page that is open. */
export type SendToPages = (event: string, detail: object) => void;

interface Sending {
  readonly build: string;
  seq: number;
}

/** Messages are counted through the whole life of a process: a restart of Vite, and another session, go on counting. */
const sending = (): Sending => processSlot("page-channel@1", () => ({ build: randomUUID(), seq: 0 }));

/** Number a message and send it. */
export function sendToPages({ name, detail }: PageMessage, version: number, send: SendToPages): void {
  const state = sending();
  const sent: Sent = { build: state.build, seq: ++state.seq, version };
  send(`${PAGE_EVENT_PREFIX}${name}`, { ...detail, ...sent });
}
