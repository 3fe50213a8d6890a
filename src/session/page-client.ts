import { withClient } from "../routes/index.ts";
import type { Session } from "./session.ts";

/** An answer as it is; pages about problems get the client, so that they are brought up to date. */
export function withPageClient(
  { server, options }: Session,
  { method = "GET" }: { readonly method?: string | undefined },
  answer: Response,
): Response {
  return withClient(answer, () => ({ scripts: server.pageScripts(options.apiPrefix), method }));
}
