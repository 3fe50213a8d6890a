import type { Counters } from "./counters.ts";
import type { EndingSignal } from "./ending-signal.ts";
import type { OrbitErrorCode } from "./orbit-error.ts";
import type { PageMemories } from "./page-memory.ts";
import type { Report } from "./report.ts";

/** The file descriptor by which a server whose event loop is blocked is heard all the same. */
export const LOOP_REPORTS = 4;

/** What the process with the terminal tells the process with the server. */
export type SupervisorMessage =
  /** Read the configs. Nothing begins yet: another server may be running. */
  | { readonly type: "prepare"; readonly settings: ServerSettings }
  /** The handle of the port, if there is one, comes with the message. */
  | {
      readonly type: "start";
      readonly state: unknown;
      /** Those of the server that it follows. */
      readonly counters: Partial<Counters>;
      /** What that knew of its pages. */
      readonly pages: PageMemories;
      readonly port: ListeningPort | undefined;
      /** Let debuggers attach: to the server that runs, so it is not asked of the next one before. */
      readonly inspectPort: number | undefined;
    }
  /** Go on with a connection, which comes with the message. */
  | { readonly type: "connection" }
  | { readonly type: "reload" }
  | { readonly type: "open" }
  | { readonly type: "build" }
  /**
   * Close everything and exit. The explicit state is sent before and after; where another server follows, connections
   * are sent, too. Without one, handlers of the signal run.
   */
  | { readonly type: "close"; readonly isFollowed: true }
  | { readonly type: "close"; readonly isFollowed: false; readonly signal: EndingSignal };

/** What the process with the server tells the process with the terminal. */
export type ServerMessage =
  | { readonly type: "prepared"; readonly listen: ListenOptions }
  | ({ readonly type: "ready"; readonly pages: PageMemories } & ServedProject)
  /** A port is open; its handle comes with the message. */
  | { readonly type: "listening"; readonly port: ListeningPort }
  /** A connection that the next server goes on with; it comes with the message. */
  | { readonly type: "connection" }
  /** Something has changed that only a new process can use. */
  | { readonly type: "restart-needed" }
  | { readonly type: "report"; readonly report: Report }
  /** All explicit state, as `globalStateManager.import` takes it, and what messages are counted by. */
  | {
      readonly type: "state";
      readonly state: unknown;
      readonly counters: Counters;
      readonly pages: PageMemories;
    }
  /** The server could not start, or a command failed. The process exits when it could not start. */
  | ({ readonly type: "failed" } & ReportedFailure);

/** What a server is asked to listen on. */
export interface ListenOptions {
  readonly port: number;
  readonly host: string | boolean | undefined;
}

/** A port that stays open while servers come and go. */
export interface ListeningPort {
  /** What the server that opened it was asked for. */
  readonly asked: ListenOptions;
  /** The port that it got. */
  readonly port: number;
}

/** Where and how `orbiton dev` listens. The command line wins over all of it. */
export interface ServerOptions {
  /** Where to listen; 0 for any free port. A busy port means the next free one, unless `strictPort`. @default 8000 */
  readonly port?: number | undefined;
  /** Fail when the port is in use. @default false */
  readonly strictPort?: boolean | undefined;
  /** Which address to listen on; `true` for all of them. @default loopback only */
  readonly host?: string | boolean | undefined;
  /** Open the browser when the server is ready. @default false */
  readonly open?: boolean | undefined;
  /** Watch by polling, for disks that send no events. @default false */
  readonly poll?: boolean | undefined;
}

/** How one run of a server is to build its project. */
export interface BuildWishes {
  /** Build the project with this line for a shell, whatever its config says. */
  readonly command?: string | undefined;
  /** Build with this toolchain of rustup's, such as `beta`. @default what cargo takes by itself */
  readonly toolchain?: string | undefined;
  /** Build as for a release. @default false */
  readonly release?: boolean | undefined;
  /** Serve what is there although the toolchain is missing. @default false */
  readonly keepServing?: boolean | undefined;
}

/** The options of a dev server that can cross to another process. */
export interface ServerSettings extends ServerOptions, BuildWishes {
  /** The project's folder. @default process.cwd() */
  readonly root?: string | undefined;
  /** Begin without the state that earlier runs have kept. @default false */
  readonly isStateClean?: boolean | undefined;
}

/** What is served, and where. */
export interface ServedProject {
  readonly urls: { readonly local: readonly string[]; readonly network: readonly string[] };
  /** The routes as the disk has them now. */
  readonly routes: readonly { readonly path: string; readonly file: string }[];
}

/** Why something that the user asked for did not happen. */
export interface ReportedFailure {
  readonly message: string;
  /** Absent for errors that are not ours. */
  readonly code?: OrbitErrorCode | undefined;
  readonly stack?: string | undefined;
}
