import type { Server } from "node:net";
import type { Generation } from "../model/generation.ts";
import { copyPipeName, createStandIn, giveHandle, handleOf, setHandle } from "./listening-handle.ts";
import { forwardRequests } from "./open-connections.ts";
import { boundHandleOf, leaveParking } from "./parking.ts";
import { callbackOf, signalOf } from "./server-address.ts";

/*
 * A port changes its server, and nobody who connects notices:
 *
 *     evaluated aside   old server <── handle          new server has a stand-in: it listens, as far as it can tell
 *     commit            old server      handle ──> new server      one synchronous step; the socket stays bound
 *     afterwards        open connections of the old server bring their requests to the new one, then end
 *     abandoned         old server <── handle          the stand-in is gone, the old one has not noticed anything
 *
 * Node allows a handle to be shared (`server.listen({ _handle })`), but not to be given away: then closing the old
 * server would close it for both. So the handle is moved, by the fields that Node itself sets when it listens.
 */

interface TakeOver {
  readonly from: Server;
  readonly to: Server;
  readonly generation: Generation;
  readonly args: readonly unknown[];
  /** What Node would do. */
  readonly listen: () => unknown;
  /** The port is the new server's. */
  readonly taken: () => void;
}

/** Let `to` have the port of `from` as soon as its generation is live. */
export function takeOver({ from, to, generation, args, listen, taken }: TakeOver): void {
  const standIn = createStandIn(boundHandleOf(from));
  const isWaiting = (): boolean => handleOf(to) === standIn;
  setHandle(to, standIn);
  copyPipeName(from, to);
  const callback = callbackOf(args);
  if (callback !== undefined) to.once("listening", callback);
  signalOf(args)?.addEventListener("abort", () => to.close(), { once: true });
  process.nextTick(() => {
    if (to.listening) to.emit("listening");
  });
  generation.scope.onDispose(() => {
    if (isWaiting()) setHandle(to, null);
  });
  generation.scope.onLive(() => {
    if (!isWaiting()) return;
    taken();
    if (moveHandle(from, to)) return;
    // It was closed in the meantime: the port is free.
    setHandle(to, null);
    if (callback !== undefined)
      to.prependOnceListener("listening", () => to.removeListener("listening", callback));
    listen();
  });
}

const handedOver = new WeakSet<Server>();

/** Whether a server's port has become another one's. */
export function isHandedOver(server: Server): boolean {
  return handedOver.has(server);
}

function moveHandle(from: Server, to: Server): boolean {
  const handle = boundHandleOf(from);
  if (handle === null || !giveHandle(handle, from, to)) return false;
  // A parked one has a stand-in, or was closed.
  if (handleOf(from) === handle) setHandle(from, createStandIn(handle));
  handedOver.add(from);
  if (isSameKind(from, to)) forwardRequests(from, to);
  leaveParking(from);
  return true;
}

function isSameKind(a: Server, b: Server): boolean {
  return Object.getPrototypeOf(a) === Object.getPrototypeOf(b);
}
