import { isIP } from "node:net";
import type { NodeIncoming } from "./node-exchange.ts";

/** Where a request's URL and address come from. */
export type RequestTargetOptions = {
  /**
   * Whether one proxy of yours stands before this server. Then `request.ip` is the last address of `X-Forwarded-For` (the
   * one your proxy saw and added; those before it are what the client claims), and the scheme is `X-Forwarded-Proto`.
   * @default false (both headers mean nothing)
   */
  readonly trustProxy?: boolean;
  /**
   * The origin of `request.url` for a request whose `Host` is missing or not a host name.
   * @default "http://localhost"
   */
  readonly fallbackOrigin?: string;
};

/**
 * The URL of a request. The path stays percent-encoded as it was sent; like in every URL, `.` and `..` segments are
 * resolved. Only `Host` says which host, never the request's target.
 */
export function urlOf(incoming: NodeIncoming, options: RequestTargetOptions): URL {
  const path = pathOf(incoming);
  const { fallbackOrigin = "http://localhost" } = options;
  try {
    return new URL((originOf(incoming, options) ?? fallbackOrigin) + path);
  } catch {
    // It looks like a host and is none: `999.999.999.999`.
    return new URL(fallbackOrigin + path);
  }
}

/** The pathname of a URL as `URL.href` and `request.url` spell it, where a `/` follows the host and nothing is left to resolve. */
export function pathnameOf(href: string): string {
  const path = href.slice(href.indexOf("/", href.indexOf("//") + 2));
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}

/** The address of the client: of the socket, or what the trusted proxy says. */
export function addressOf(
  incoming: NodeIncoming,
  { trustProxy = false }: RequestTargetOptions,
): string | undefined {
  if (trustProxy) {
    const forwarded = lastOf(incoming.headers["x-forwarded-for"]);
    if (forwarded !== undefined && isIP(forwarded) !== 0) return withoutMapping(forwarded);
  }
  const { remoteAddress } = incoming.socket;
  return remoteAddress === undefined ? undefined : withoutMapping(remoteAddress);
}

// Letters, digits, hyphens, dots and underscores, or an IPv6 address; then a port. `user@host` and `host/path` are not hosts.
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

function originOf(incoming: NodeIncoming, { trustProxy = false }: RequestTargetOptions): string | undefined {
  const host = incoming.headers[":authority"] ?? incoming.headers.host;
  if (typeof host !== "string" || !HOST.test(host)) return undefined;
  return `${schemeOf(incoming, trustProxy)}://${host}`;
}

function schemeOf(incoming: NodeIncoming, trustProxy: boolean): "http" | "https" {
  const forwarded = trustProxy ? lastOf(incoming.headers["x-forwarded-proto"]) : undefined;
  if (forwarded === "http" || forwarded === "https") return forwarded;
  // Only a TLS socket has the property, and the socket of HTTP/2 is a proxy that answers reads only.
  return Reflect.get(incoming.socket, "encrypted") === true ? "https" : "http";
}

function pathOf(incoming: NodeIncoming): string {
  // Middleware frameworks shorten `url` to the part below their mount point.
  const { originalUrl } = incoming as NodeIncoming & { readonly originalUrl?: string };
  const target = originalUrl ?? incoming.url ?? "/";
  // `//evil.example/x` is a path too: behind an origin it can no longer be read as a host.
  if (target.startsWith("/")) return target;
  // A proxy's `GET http://host/path`, or `OPTIONS *`.
  const url = URL.canParse(target) ? new URL(target) : undefined;
  return url?.pathname.startsWith("/") ? url.pathname + url.search : "/";
}

function lastOf(header: string | readonly string[] | undefined): string | undefined {
  return header?.toString().split(",").at(-1)?.trim();
}

/** An IPv4 client on a socket that listens on IPv6 too has the address `::ffff:1.2.3.4`. */
function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}
