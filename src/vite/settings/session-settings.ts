import type { ViteDevServer } from "vite";
import type { KnownFiles } from "../../reload/known-files.ts";
import type { Runtime } from "../../runtime/index.ts";
import { ClosurePaths } from "../closure-paths.ts";
import type { EnvFiles } from "./env-files.ts";
import type { ProblemLog } from "../problem-log.ts";
import type { SeenChange } from "../reporter.ts";
import { ServerRestarts } from "../restarts/server-restarts.ts";
import { SettingsChanges } from "./settings-changes.ts";

/** What a session does with files that are not code. */
export interface SessionSettings {
  readonly paths: ClosurePaths;
  readonly restarts: ServerRestarts;
  readonly changes: SettingsChanges;
}

/** Parts of the session; those that are made later, or change, are asked for when they are needed. */
interface SessionParts {
  readonly known: KnownFiles;
  readonly server: () => ViteDevServer;
  readonly env: () => EnvFiles;
  readonly runtime: () => Runtime;
  readonly problems: () => ProblemLog;
  readonly note: (change: SeenChange) => void;
}

/** Know the settings files of a project, and what their changes mean. */
export function openSettings(root: string, parts: SessionParts): SessionSettings {
  const { known, server, env, runtime, problems, note } = parts;
  const restarts = new ServerRestarts(server(), {
    root,
    noteConfig: (file) => known.noteFolder(file),
    relative: (file) => problems().relative(file),
    onBroken: (problem) => problems().noteBrokenConfig(problem),
  });
  const paths = new ClosurePaths({
    root,
    known,
    noteSettings: (file) => restarts.texts.note(file),
    config: () => ({ env: env().files, configs: restarts.configs, tsconfig: server().config.tsconfig }),
  });
  return {
    paths,
    restarts,
    changes: new SettingsChanges({ root, known, paths, restarts, env, runtime, server, note }),
  };
}
