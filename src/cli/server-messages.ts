import type { DevServer, DevServerOptions } from "../index.ts";
import type { OrbitErrorCode } from "../protocol/orbit-error.ts";
import type { Report } from "../plan/report.ts";

/** What the process with the terminal tells the process with the server. */
export type ServerOrder =
  | { readonly type: "start"; readonly settings: ServerSettings; readonly state: unknown }
  | { readonly type: "reload" }
  | { readonly type: "open" }
  /** Close everything and exit. The explicit state is sent before and after. */
  | { readonly type: "close" };

/** What the process with the server tells the process with the terminal. */
export type ServerNews =
  | ({ readonly type: "ready" } & ServedProject)
  | { readonly type: "report"; readonly report: Report }
  /** All explicit state, as `globalStateManager.import` takes it. */
  | { readonly type: "state"; readonly state: unknown }
  /** The server could not start, or an order failed. The process exits when it could not start. */
  | ({ readonly type: "failed" } & Failure);

/** The options of the server that can cross to another process. */
export type ServerSettings = Omit<DevServerOptions, "onReport" | "plugin">;

/** What is served, and where. */
export type ServedProject = Pick<DevServer, "urls" | "routes">;

/** Why something that the user asked for did not happen. */
export interface Failure {
  readonly message: string;
  /** Absent for errors that are not ours. */
  readonly code?: OrbitErrorCode | undefined;
  readonly stack?: string | undefined;
}
