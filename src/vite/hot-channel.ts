import { EventEmitter } from "node:events";
import type { ErrorPayload, HotChannel, HotPayload } from "vite";
import type { Session } from "../session/session.ts";

type HotListener = (...args: unknown[]) => void;

/**
 * The hot channel of the environment: `environments.orbit_api.hot` at one end, `import.meta.hot` of server code at the
 * other. Both are in this process.
 */
export class ServerHotChannel {
  readonly #toServer = new EventEmitter();
  #isOpen = false;
  #receive: (payload: HotPayload) => void = () => undefined;

  /** What Vite's environment sends with, and listens to. */
  get transport(): HotChannel {
    return {
      skipFsCheck: true,
      send: (payload) => this.#receive(payload),
      on: (event: string, listener: unknown) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Vite calls it with what it sends
        if (this.#isOpen) this.#toServer.on(event, listener as HotListener);
      },
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one that was added above
      off: (event, listener) => void this.#toServer.off(event, listener as HotListener),
      listen: () => void this.#toServer.emit("connection"),
      close: () => void this.#toServer.removeAllListeners(),
    };
  }

  /** Who listens before that is Vite itself, for a module runner. */
  open(): void {
    this.#isOpen = true;
  }

  /** `import.meta.hot.send`. Whoever listens on the server can answer. */
  send(event: string, data: unknown): void {
    this.#toServer.emit(event, data, { send: (payload: HotPayload) => this.#receive(payload) });
  }

  /** What Vite and plugins send reaches the modules of a session. */
  connect(session: Session): void {
    this.#receive = (payload) => receive(session, payload);
  }
}

/** Whether Vite is answering a change of `tsconfig.json`: it would make everything anew, whatever has changed in there. */
export function isAboutSettings(): boolean {
  return /\breloadOnTsconfigChange\b/.test(String(new Error("where").stack));
}

/** Of what Vite decides itself nothing is left to do: who imports what, and who runs again, the runtime knows. */
function receive(session: Session, payload: HotPayload): void {
  switch (payload.type) {
    case "custom":
      session.runtime.emit(payload.event, payload.data);
      break;
    case "full-reload":
      // Vite has a setting of the compiler in mind: what that concerns, the session knows.
      if (isAboutSettings()) break;
      if (payload.triggeredBy === undefined) session.reloadAllSoon();
      else session.invalidate([payload.triggeredBy]);
      break;
    case "update":
      session.invalidate(payload.updates.map(({ acceptedPath }) => acceptedPath));
      break;
    case "error":
      session.runtime.emit("vite:error", payload);
      session.noteThrown(errorOf(payload), undefined, "A plugin has sent an error");
      break;
    case "prune":
    case "connected":
    case "ping":
    case "bundled-dev-update":
  }
}

function errorOf({ err }: ErrorPayload): Error {
  return Object.assign(new Error(err.message), { stack: err.stack });
}
