import { createSingleton } from "orbit-hmr/state";
import { Mailbox } from "../../lib/mailbox.js";

// Opened once. Saving this file does not open a second one; ending the server closes it.
const mailbox = createSingleton("mailbox", () => new Mailbox(), { dispose: (open) => open.close() });

export async function POST() {
  return Response.json(mailbox.send("Hello"));
}
