import type { Server } from "node:net";

/** The libuv handle below a server, with what `net.Server` asks of it. */
export interface ListeningHandle {
  getsockname?(address: object): number;
  ref?(): void;
  unref?(): void;
  close(): void;
}

/*
 * These fields are not documented. They are older than ES modules, `cluster` and test tools rely on them, and a Node
 * without them shows in the tests of the hand-over. Without them a server is closed before the next one listens.
 */

/** What a server listens with; `null` when it does not listen. */
export function handleOf(server: Server): ListeningHandle | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's types do not know the field
  return (Reflect.get(server, "_handle") as ListeningHandle | null | undefined) ?? null;
}

export function setHandle(server: Server, handle: ListeningHandle | null): void {
  Reflect.set(server, "_handle", handle);
}

/** What `address()` answers for a server on a path. */
export function copyPipeName(from: Server, to: Server): void {
  Reflect.set(to, "_pipeName", Reflect.get(from, "_pipeName"));
}

/** What a server holds while its port is, or may become, another one's. */
export function createStandIn(handle: ListeningHandle | null): ListeningHandle {
  const address = {};
  const status = handle?.getsockname?.(address) ?? 0;
  return {
    getsockname(target) {
      Object.assign(target, address);
      return status;
    },
    ref: () => undefined,
    unref: () => undefined,
    close: () => undefined,
  };
}

/**
 * Give a handle of `from` to another server: new connections arrive there from the next one on.
 *
 * @returns whether that was possible
 */
export function giveHandle(handle: ListeningHandle, from: Server, to: Server): boolean {
  // Under this symbol the handle finds the server for a new connection.
  const owner = Object.getOwnPropertySymbols(handle).find((key) => Reflect.get(handle, key) === from);
  if (owner === undefined) return false;
  Reflect.set(handle, owner, to);
  for (const key of Object.getOwnPropertySymbols(from)) {
    if (key.description === "async_id_symbol") Reflect.set(to, key, Reflect.get(from, key));
  }
  setHandle(to, handle);
  // The old one may have been unreferenced, and the new one not, or the other way round.
  if (Reflect.get(to, "_unref") === true) handle.unref?.();
  else handle.ref?.();
  return true;
}
