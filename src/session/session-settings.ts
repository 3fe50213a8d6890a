import type { KnownFiles } from "../disk/known-files.ts";
import type { Runtime } from "../runtime/index.ts";
import { ClosurePaths } from "./closure-paths.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { SeenChange } from "./reporter.ts";
import type { ConfigsPort, ServerPort } from "./ports.ts";
import { SettingsChanges } from "./settings-changes.ts";

/** What a session does with files that are not code. */
export interface SessionSettings {
  readonly paths: ClosurePaths;
  readonly changes: SettingsChanges;
}

/** Parts of the session; those that are made later, or change, are asked for when they are needed. */
interface SessionParts {
  readonly known: KnownFiles;
  readonly server: ServerPort;
  readonly configs: ConfigsPort;
  readonly runtime: () => Runtime;
  readonly problems: () => ProblemLog;
  readonly note: (change: SeenChange) => void;
}

/** Know the settings files of a project, and what their changes mean. */
export function openSettings(root: string, parts: SessionParts): SessionSettings {
  const { known, server, configs, runtime, problems, note } = parts;
  const paths = new ClosurePaths({
    root,
    known,
    noteSettings: (file) => configs.texts.note(file),
    config: () => ({ env: server.env.files, configs: configs.configs, tsconfig: server.tsconfig }),
  });
  return {
    paths,
    changes: new SettingsChanges({
      root,
      known,
      paths,
      configs,
      runtime,
      server,
      note,
      noteBrokenConfig: (broken) => problems().noteBrokenConfig(broken),
    }),
  };
}
