import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage } from "node:http";

const posted = new AsyncLocalStorage<boolean>();

/** Go on with a request of a page; what is made for it can know whether it has sent something. */
export function goOn({ method }: IncomingMessage, next: () => void): void {
  if (method === "GET" || method === "HEAD") next();
  else posted.run(true, next);
}

/** Whether the page that is being made is the answer to a form: whoever loads it again sends the form again. */
export function isPosted(): boolean {
  return posted.getStore() === true;
}
