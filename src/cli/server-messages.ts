import type { DevServer, DevServerOptions } from "../index.ts";
import type { OrbitErrorCode } from "../protocol/orbit-error.ts";
import type { Report } from "../plan/report.ts";
import type { ListenWish, OpenPort } from "../vite/restarts/front-door.ts";

/** What the process with the terminal tells the process with the server. */
export type ServerOrder =
  /** Read the configs. Nothing begins yet: another server may be running. */
  | { readonly type: "prepare"; readonly settings: ServerSettings }
  /** The handle of the port, if there is one, comes with the message. */
  | { readonly type: "start"; readonly state: unknown; readonly port: PortToKeep | undefined }
  /** Go on with a connection, which comes with the message. */
  | { readonly type: "connection" }
  | { readonly type: "reload" }
  | { readonly type: "open" }
  /**
   * Close everything and exit. The explicit state is sent before and after; where another server follows, connections
   * are sent, too.
   */
  | { readonly type: "close"; readonly isFollowed: boolean };

/** What the process with the server tells the process with the terminal. */
export type ServerNews =
  | { readonly type: "prepared"; readonly wish: ListenWish }
  | ({ readonly type: "ready" } & ServedProject)
  /** A port is open; its handle comes with the message. */
  | { readonly type: "listening"; readonly port: PortToKeep }
  /** A connection that the next server goes on with; it comes with the message. */
  | { readonly type: "connection" }
  /** Something has changed that only a new process can use. */
  | { readonly type: "restart-needed" }
  | { readonly type: "report"; readonly report: Report }
  /** All explicit state, as `globalStateManager.import` takes it. */
  | { readonly type: "state"; readonly state: unknown }
  /** The server could not start, or an order failed. The process exits when it could not start. */
  | ({ readonly type: "failed" } & Failure);

/** A port that stays open while servers come and go. */
export type PortToKeep = Omit<OpenPort, "handle">;

/** The options of the server that can cross to another process. */
export type ServerSettings = Omit<DevServerOptions, "onReport" | "onRestartNeeded" | "plugin">;

/** What is served, and where. */
export type ServedProject = Pick<DevServer, "urls" | "routes">;

/** Why something that the user asked for did not happen. */
export interface Failure {
  readonly message: string;
  /** Absent for errors that are not ours. */
  readonly code?: OrbitErrorCode | undefined;
  readonly stack?: string | undefined;
}
