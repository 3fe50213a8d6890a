import type { ReloadError } from "../protocol/page-events.ts";
import type { PageHub, ServerLink } from "./page-hub.ts";
import { patternOf } from "./route-pattern.ts";

/**
 * The server has answered an address with a page about a problem: when its route is another one, the answer is asked for again.
 *
 * @param method how the page was asked for; nothing but a GET is repeated by itself
 */
export function healProblemPage(hub: PageHub, link: ServerLink, method: string): void {
  const renew = (): void => {
    if (method === "GET") hub.reload("Its route has changed.");
    else sayMended();
  };
  hub.on("route-updated", ({ routePath }) => {
    if (isOfPage(routePath)) renew();
  });
  hub.on("recovered", ({ routes }) => {
    if (routes.some(isOfPage)) renew();
  });
  if (method !== "GET") return;
  // It may be broken in another way.
  let known: string | undefined;
  const compare = ({ errors }: { readonly errors: readonly ReloadError[] }): void => {
    const own = errors.filter(({ isEscaped, routes }) => isEscaped !== true && routes.some(isOfPage));
    const now = JSON.stringify(own.map(({ error }) => error));
    if (known !== undefined && known !== now) renew();
    known = now;
  };
  link.on("orbit:hello", compare);
  link.on("orbit:errors", compare);
}

function isOfPage(route: string): boolean {
  return route === "*" || patternOf(route).test(location.pathname);
}

function sayMended(): void {
  const status = document.querySelector("[role=status]");
  if (status !== null)
    status.textContent = "The route has changed. Send the request again to see its answer.";
}
