import type { Server } from "node:net";
import { createStandIn, handleOf, setHandle } from "./listening-handle.ts";
import type { ListeningHandle } from "./listening-handle.ts";
import { holdRequests } from "./open-connections.ts";

/*
 * `await connect(); server.listen(port)` listens some time after its module has been replaced. Until then the port
 * stays bound, even if somebody closes the old server: whoever connects or asks waits, is not refused, and is not
 * answered by code that is gone.
 */

/** A connection that Node has accepted, before any server knows of it. */
interface AcceptedConnection {
  close(): void;
}

type Accept = (this: unknown, status: number, connection: AcceptedConnection | undefined) => void;

interface Parked {
  readonly handle: ListeningHandle;
  /** Answer those who wait, by whoever has the handle now. */
  readonly leave: () => void;
}

const parked = new WeakMap<Server, Parked>();

/** What a server is bound with, be it parked; `null` when its port is free. */
export function boundHandleOf(server: Server): ListeningHandle | null {
  return parked.get(server)?.handle ?? handleOf(server);
}

/** Hold new connections back until somebody takes the port over. Resolves with whether somebody has. */
export async function park(server: Server, graceMs: number): Promise<boolean> {
  const handle = handleOf(server);
  const accept: unknown = handle && Reflect.get(handle, "onconnection");
  if (handle === null || typeof accept !== "function") return false;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- libuv calls it with these
  const acceptNow = accept as Accept;
  const waiting: (readonly [status: number, connection: AcceptedConnection | undefined])[] = [];
  Reflect.set(handle, "onconnection", (status: number, connection: AcceptedConnection | undefined) => {
    waiting.push([status, connection]);
  });
  const held = holdRequests(server);
  const standIn = createStandIn(handle);
  setHandle(server, standIn);
  const isTaken = await new Promise<boolean>((resolve) => {
    const grace = setTimeout(resolve, graceMs, false);
    parked.set(server, {
      handle,
      leave: () => {
        clearTimeout(grace);
        parked.delete(server);
        Reflect.set(handle, "onconnection", acceptNow);
        for (const each of waiting.splice(0)) Reflect.apply(acceptNow, handle, each);
        held.release();
        resolve(true);
      },
    });
  });
  if (isTaken) return true;
  parked.delete(server);
  for (const [, connection] of waiting) connection?.close();
  held.refuse();
  Reflect.set(handle, "onconnection", acceptNow);
  if (handleOf(server) === standIn) setHandle(server, handle);
  else handle.close();
  return false;
}

/** The handle of a server has been given to another one. */
export function leaveParking(server: Server): void {
  parked.get(server)?.leave();
}
