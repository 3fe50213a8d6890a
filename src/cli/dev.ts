import { resolve } from "node:path";
import type { DevArguments } from "./commands.ts";
import { type KeyInput, listenToKeys, type KeyCommand } from "./keys.ts";
import { ENDING_SIGNALS } from "../protocol/ending-signal.ts";
import type { EndingSignal } from "../protocol/ending-signal.ts";
import { whenScriptEnds } from "./parent.ts";
import type { ReportedFailure, ServedProject, ServerSettings } from "../protocol/server-messages.ts";
import { type ServerEvent, Supervisor } from "./supervisor.ts";
import type { Terminal } from "./terminal.ts";

/** How `orbiton dev` ended. */
export type DevEnding =
  | { readonly kind: "quit" }
  | { readonly kind: "signal"; readonly signal: EndingSignal }
  | { readonly kind: "failed"; readonly failure: ReportedFailure };

export interface DevInit {
  readonly dev: DevArguments;
  readonly version: string;
  readonly terminal: Terminal;
  /** Absent when nobody can press keys. */
  readonly keys: KeyInput | undefined;
  /** Fails when the reader of our output leaves. */
  readonly out: NodeJS.EventEmitter;
}

/** Serve a project until it is told to end. */
export async function runDev({ dev, version, terminal, keys, out }: DevInit): Promise<DevEnding> {
  let project: ServedProject | undefined;
  let ending: DevEnding = { kind: "quit" };
  const supervisor = new Supervisor({
    settings: settingsOf(dev),
    inspectPort: dev.inspectPort,
    output: dev.json ? "stderr" : "stdout",
    root: resolve(dev.dir),
    onEvent(event) {
      if (event.type === "ready") ({ project } = event);
      show(event, terminal, version);
    },
  });
  // For good: one more, while this process ends, must not change how it has ended.
  for (const signal of ENDING_SIGNALS)
    process.on(signal, () => {
      ending = { kind: "signal", signal };
      supervisor.stop(signal);
    });
  const ignoreParent = whenScriptEnds(process.env, () => supervisor.stop("SIGTERM"));
  const ignoreKeys =
    keys && listenToKeys(keys, (command) => grant(command, { supervisor, terminal, project: () => project }));
  // A program that reads our lines and leaves is done with the server, too.
  out.once("error", () => supervisor.stop("SIGHUP"));
  out.on("error", () => undefined);

  const result = await supervisor.run();
  ignoreKeys?.();
  ignoreParent();
  return result.kind === "failed" ? result : ending;
}

function show(event: ServerEvent, terminal: Terminal, version: string): void {
  switch (event.type) {
    case "ready":
      return terminal.ready(event.project, { version, ms: event.ms });
    case "report":
      return terminal.report(event.report);
    case "failed":
      return terminal.failed(event.failure);
    case "restarting":
      return terminal.note("restarting");
    case "state-not-sent":
      return terminal.note("The server did not answer: it starts with the state it had saved.");
  }
}

interface Granters {
  readonly supervisor: Supervisor;
  readonly terminal: Terminal;
  readonly project: () => ServedProject | undefined;
}

function grant(command: KeyCommand, { supervisor, terminal, project }: Granters): void {
  switch (command) {
    case "reload":
      return supervisor.reload();
    case "restart":
      return supervisor.restart();
    case "build":
      return supervisor.build();
    case "open":
      return supervisor.open();
    case "urls": {
      const served = project();
      return served && terminal.urls(served);
    }
    case "clear":
      return terminal.clear();
    case "help":
      return terminal.keys();
    case "quit":
      return supervisor.stop("SIGINT");
  }
}

function settingsOf({ dir, port, host, build, ...flags }: DevArguments): ServerSettings {
  const { open, strictPort, poll, isStateClean } = flags;
  return {
    ...build,
    root: resolve(dir),
    open,
    strictPort,
    poll,
    isStateClean,
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
  };
}
