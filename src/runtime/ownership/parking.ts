import type { Server } from "node:net";
import { handleOf } from "./listening-handle.ts";

/*
 * `await connect(); server.listen(port)` listens some time after its module has been replaced. Until then the port
 * stays bound: whoever connects waits, is not refused, and is not answered by code that is gone.
 */

/** A connection that Node has accepted, before any server knows of it. */
interface Connection {
  close(): void;
}

type Accept = (this: unknown, status: number, connection: Connection | undefined) => void;

interface Parked {
  /** Answer those who wait, by whoever has the handle now. */
  readonly leave: () => void;
}

const parked = new WeakMap<Server, Parked>();

/** Hold new connections back until somebody takes the port over. Resolves with whether somebody has. */
export async function park(server: Server, graceMs: number): Promise<boolean> {
  const handle = handleOf(server);
  const accept: unknown = handle && Reflect.get(handle, "onconnection");
  if (handle === null || typeof accept !== "function") return false;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- libuv calls it with these
  const acceptNow = accept as Accept;
  const waiting: (readonly [status: number, connection: Connection | undefined])[] = [];
  Reflect.set(handle, "onconnection", (status: number, connection: Connection | undefined) => {
    waiting.push([status, connection]);
  });
  const isTaken = await new Promise<boolean>((resolve) => {
    const grace = setTimeout(resolve, graceMs, false);
    parked.set(server, {
      leave: () => {
        clearTimeout(grace);
        Reflect.set(handle, "onconnection", acceptNow);
        for (const each of waiting.splice(0)) Reflect.apply(acceptNow, handle, each);
        resolve(true);
      },
    });
  });
  parked.delete(server);
  if (isTaken) return true;
  for (const [, connection] of waiting) connection?.close();
  Reflect.set(handle, "onconnection", acceptNow);
  return false;
}

/** The handle of a server has been given to another one. */
export function leaveParking(server: Server): void {
  parked.get(server)?.leave();
}
