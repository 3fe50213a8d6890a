import type { SendHandle } from "node:child_process";

/**
 * What libuv has below a socket or a server. It is sent as it is: unlike a server or a socket of `node:net`, it neither
 * accepts nor reads on the way, so that all of that is left to whoever uses it next.
 */
export interface NativeHandle {
  close(): void;
}

/** A handle as `send` takes it; Node's types leave out what it takes besides their own objects. */
export function asSendHandle(handle: NativeHandle | undefined): SendHandle | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return handle as SendHandle | undefined;
}

/** The handle that came with a message, if one did. */
export function asNativeHandle(received: unknown): NativeHandle | undefined {
  const isHandle = typeof received === "object" && received !== null && "close" in received;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was sent with `asSendHandle`
  return isHandle ? (received as NativeHandle) : undefined;
}
