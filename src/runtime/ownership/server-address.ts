/** Where `server.listen(...args)` listens, if two servers could want the same: any free port is nobody's. */
export function addressOf([first, second]: readonly unknown[]): string | undefined {
  if (typeof first !== "object" || first === null) return addressFrom(first, second);
  if (!("port" in first || "path" in first)) return undefined;
  const { port, path, host }: { port?: unknown; path?: unknown; host?: unknown } = first;
  return port === undefined ? addressFrom(path, undefined) : addressFrom(port, host);
}

function addressFrom(portOrPath: unknown, host: unknown): string | undefined {
  const port = typeof portOrPath === "string" && /^\d+$/.test(portOrPath) ? Number(portOrPath) : portOrPath;
  if (typeof port === "string") return port === "" ? undefined : `path ${port}`;
  if (typeof port !== "number" || port === 0) return undefined;
  return `${typeof host === "string" ? host : "*"}:${port}`;
}

/** The function that `server.listen(...args)` calls when it listens. */
export function callbackOf(args: readonly unknown[]): (() => void) | undefined {
  const last = args.at(-1);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node calls it without arguments
  return typeof last === "function" ? (last as () => void) : undefined;
}

/** The signal that closes the server. */
export function signalOf([options]: readonly unknown[]): AbortSignal | undefined {
  const signal: unknown = typeof options === "object" && options !== null && Reflect.get(options, "signal");
  return signal instanceof AbortSignal ? signal : undefined;
}
