import type { ViteDevServer } from "vite";
import type { PageChannel } from "../browser/page-channel.ts";
import { openInEditor } from "../browser/open-in-editor.ts";
import { PageErrors } from "../browser/page-errors.ts";
import { messageOf } from "../protocol/message-of.ts";
import type { Session } from "../session/session.ts";
import { standingErrors } from "../session/standing-errors.ts";
import { placeFault } from "./page-faults.ts";

/** Tell pages what is broken, whole, each time that it is something else. Returns what ends it. */
export function tellErrors(session: Session, channel: PageChannel): () => void {
  let seen: readonly unknown[] = [];
  let told = JSON.stringify(standingErrors(session));
  return session.log.observe(({ problems: { broken, refused, standing } }) => {
    const now = [broken, refused, standing, session.routes.changedAt];
    if (now.every((each, index) => each === seen[index])) return;
    seen = now;
    const errors = standingErrors(session);
    const text = JSON.stringify(errors);
    if (text === told) return;
    told = text;
    channel.send("orbit:errors", { errors });
  });
}

/** What went wrong in the pages of each session, whichever server they are connected with. */
const errorsBySession = new WeakMap<Session, PageErrors>();

/** Note what goes wrong in the pages of a server, and tell each where that is in the sources. Returns what ends it. */
export function hearFaults(
  { server, id }: { readonly server: ViteDevServer; readonly id: string },
  session: Session,
  channel: PageChannel,
): () => void {
  const errors = errorsBySession.get(session) ?? new PageErrors();
  errorsBySession.set(session, errors);
  session.pageErrors = () => errors.of(channel.tabs);
  return channel.on("orbit:page-error", (fault, _tab, connection) => {
    if (connection.server !== id) return;
    const note = async (): Promise<void> => {
      const error = await placeFault(fault, server, session);
      errors.note(connection, fault.id, error);
      connection.send({ type: "custom", event: "orbit:page-error-place", data: { id: fault.id, error } });
    };
    note().catch((error: unknown) => session.warn(`[orbit] ${messageOf(error)}`));
  });
}

/** Open files for pages, as long as they are on this very computer. Returns what ends it. */
export function openForPages(session: Session, channel: PageChannel): () => void {
  return channel.on("orbit:open-in-editor", (place, _tab, connection) => {
    const answer = (problem: string): void =>
      connection.send({ type: "custom", event: "orbit:editor", data: { problem } });
    if (!connection.isLocal) return answer("Only pages on the computer of the server may open its editor.");
    openInEditor(session.root, place, answer).catch((error: unknown) => answer(messageOf(error)));
  });
}
