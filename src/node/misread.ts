import { KNOWN_FORMS } from "../routes/index.ts";

/**
 * What to tell those whose function was called with a web request and took it for Node's: it is one that passes its
 * parameters on, so nothing in its text said so. `undefined` for every other error.
 */
export function hintOnMisread(exported: unknown, error: unknown): string | undefined {
  const mayBeOne = typeof exported === "function" && exported.length >= 2;
  const hasMisread = error instanceof TypeError && OF_NODE.test(error.message);
  return mayBeOne && hasMisread ? `${KNOWN_FORMS}.` : undefined;
}

/** Methods that Node's requests and responses have, and web requests and contexts lack. */
const OF_NODE =
  /\.(?:addListener|end|flushHeaders|getHeader|on|once|pipe|removeHeader|send|setHeader|status|write|writeHead) is not a function$/;
