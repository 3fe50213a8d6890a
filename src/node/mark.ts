/** What `nodeHandler` has made is known by this, whichever copy of the package a route uses. */
export const MARK: unique symbol = Symbol.for("orbit-hmr:node-handler");

/** An app, and the path below which it is mounted; `""` for the whole URL. */
export interface MountedApp {
  readonly app: object;
  readonly base: string;
}

/** What `nodeHandler` was given to make this; `undefined` for everything else. */
export function mountedIn(exported: object): MountedApp | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `nodeHandler` writes under this symbol
  return Reflect.get(exported, MARK) as MountedApp | undefined;
}
