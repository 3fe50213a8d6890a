import { PageChannel } from "./page-channel.ts";
import { processSlot } from "../protocol/process-slot.ts";

/** The channel of a project. It is there longer than the servers behind it, and than this module. */
export function channelOf(root: string): PageChannel {
  const channels = processSlot("pages@1", () => new Map<string, PageChannel>());
  const channel = channels.get(root) ?? new PageChannel();
  channels.set(root, channel);
  return channel;
}
