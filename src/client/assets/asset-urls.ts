/** What of the server's files is meant, by path and query as they are in addresses. */
export type IsMeant = (address: string, relativeTo: string) => boolean;

/** Tells whether an address is that of one of these files, exactly, however new it says that it is. */
export function addressesOf(paths: readonly string[], server: string): IsMeant {
  const names = new Set(paths.map((path) => nameOf(new URL(path.replace(/^\//, ""), server))));
  const { origin } = new URL(server);
  return (address, relativeTo) => {
    const url = parse(address, relativeTo);
    return url !== undefined && url.origin === origin && names.has(nameOf(url));
  };
}

/** The same address for content that no cache has. */
export function stamped(address: string, relativeTo: string): string {
  const url = new URL(address, relativeTo);
  url.searchParams.set("t", String(Date.now()));
  // Vite knows an address by its words: a word without a value has to stay one.
  url.search = url.search.replaceAll(/=(?=&|$)/g, "");
  return url.href;
}

function nameOf({ pathname, searchParams }: URL): string {
  const query = [...searchParams].filter(([name]) => name !== "t" && name !== "direct");
  return JSON.stringify([decode(pathname), ...query]);
}

function decode(pathname: string): string {
  try {
    return decodeURI(pathname);
  } catch {
    return pathname;
  }
}

function parse(address: string, relativeTo: string): URL | undefined {
  return URL.canParse(address, relativeTo) ? new URL(address, relativeTo) : undefined;
}
