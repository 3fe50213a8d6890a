import type { NodeListener } from "./listener.ts";

/** Let a listener see the part of the URL that is below a path. What does not lie below it is left to others. */
export function mount(listener: NodeListener, base: string): NodeListener {
  if (base === "") return listener;
  return (incoming, outgoing, next, params) => {
    const { url = "/" } = incoming;
    const rest = url.slice(base.length);
    if (!url.startsWith(base) || !/^(?:[/?]|$)/.test(rest)) return next();
    incoming.url = rest.startsWith("/") ? rest : `/${rest}`;
    // Names of Express and Connect; they go on from what is there.
    Object.assign(incoming, { originalUrl: url, baseUrl: base });
    return listener(incoming, outgoing, next, params);
  };
}
