import { ChildProcess } from "node:child_process";
import dgram from "node:dgram";
import fs from "node:fs";
import net from "node:net";
import workers from "node:worker_threads";
import type { Context } from "../model/context.ts";
import { findOpener, own, ownableContext } from "./opener.ts";
import { patchClass, patchMethod } from "./patch.ts";
import type { Callable } from "./patch.ts";
import type { OwnedResource, ResourceKind } from "./resource.ts";

/** Something open, as Node's own objects have it. */
interface Handle {
  readonly kind: ResourceKind;
  readonly subject: object;
  readonly isOpen: () => boolean;
  readonly close: () => void | Promise<void>;
  readonly force?: () => void;
}

/** Let generations own their sockets, watchers, workers and child processes. Returns the undo. */
export function ownHandles(): () => void {
  const undo = [
    patchMethod(net.Socket.prototype, "connect", (socket, args, original, callee) => {
      const result: unknown = Reflect.apply(original, socket, args);
      // A socket that a package connects belongs to its pool, which may serve other modules too.
      if (socket instanceof net.Socket) ownIfDirect(callee, () => socketHandle(socket));
      return result;
    }),
    patchMethod(dgram.Socket.prototype, "bind", (socket, args, original, callee) => {
      const result: unknown = Reflect.apply(original, socket, args);
      if (socket instanceof dgram.Socket) ownIfDirect(callee, () => datagramHandle(socket));
      return result;
    }),
    patchMethod(fs, "watch", (self, args, original, callee) => {
      const watcher: unknown = Reflect.apply(original, self, args);
      if (isClosable(watcher)) ownOpened(callee, () => watcherHandle(watcher));
      return watcher;
    }),
    patchMethod(fs, "watchFile", (self, args, original, callee) => {
      const watcher: unknown = Reflect.apply(original, self, args);
      ownOpened(callee, () => fileWatchHandle(Object(watcher), args));
      return watcher;
    }),
    patchClass(workers, "Worker", (worker, callee) => {
      if (worker instanceof workers.Worker) ownOpened(callee, () => workerHandle(worker));
    }),
    patchMethod(ChildProcess.prototype, "spawn", (child, args, original, callee) => {
      const result: unknown = Reflect.apply(original, child, args);
      if (child instanceof ChildProcess) ownOpened(callee, () => childHandle(child));
      return result;
    }),
  ];
  return () => {
    for (const step of undo) step();
  };
}

function ownOpened(callee: Callable, describe: () => Handle): void {
  const context = ownableContext();
  if (context !== undefined) give(context, callee, describe, false);
}

function ownIfDirect(callee: Callable, describe: () => Handle): void {
  const context = ownableContext();
  if (context !== undefined) give(context, callee, describe, true);
}

function give(context: Context, callee: Callable, describe: () => Handle, onlyDirect: boolean): void {
  const opener = findOpener({ context, callee });
  if (opener === undefined || (onlyDirect && opener.kind === "generation" && !opener.isDirect)) return;
  const handle = describe();
  if (opener.kind === "gone") void handle.close();
  else own(opener.owned, { since: Date.now(), ...handle } satisfies OwnedResource);
}

function socketHandle(socket: net.Socket): Handle {
  return {
    kind: "socket",
    subject: socket,
    isOpen: () => !socket.destroyed,
    close: () => void socket.destroy(),
  };
}

function datagramHandle(socket: dgram.Socket): Handle {
  let isOpen = true;
  socket.once("close", () => (isOpen = false));
  return { kind: "socket", subject: socket, isOpen: () => isOpen, close: () => void socket.close() };
}

interface Closable {
  close(): void;
  once?(event: "close", listener: () => void): unknown;
}

function isClosable(value: unknown): value is Closable {
  return typeof value === "object" && value !== null && "close" in value && typeof value.close === "function";
}

function watcherHandle(watcher: Closable): Handle {
  let isOpen = true;
  watcher.once?.("close", () => (isOpen = false));
  return { kind: "watcher", subject: watcher, isOpen: () => isOpen, close: () => watcher.close() };
}

/** Several callers share one watcher of a file; each lets go of its own listener. */
function fileWatchHandle(watcher: object, args: readonly unknown[]): Handle {
  const [file] = args;
  const listener = args.at(-1);
  let isOpen = true;
  return {
    kind: "watcher",
    subject: watcher,
    isOpen: () => isOpen,
    close: () => {
      isOpen = false;
      Reflect.apply(fs.unwatchFile, fs, [file, listener]);
    },
  };
}

function workerHandle(worker: workers.Worker): Handle {
  let isOpen = true;
  worker.once("exit", () => (isOpen = false));
  return {
    kind: "worker",
    subject: worker,
    isOpen: () => isOpen,
    close: async () => {
      await worker.terminate();
    },
  };
}

function childHandle(child: ChildProcess): Handle {
  const isOpen = (): boolean =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    kind: "child",
    subject: child,
    isOpen,
    close: async () => {
      if (!isOpen()) return;
      const ended = new Promise<void>((resolve) => {
        child.once("exit", () => resolve());
      });
      child.kill();
      await ended;
    },
    force: () => void child.kill("SIGKILL"),
  };
}
