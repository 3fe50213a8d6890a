import { existsSync } from "node:fs";
import type { ServerOptions, ViteDevServer } from "vite";
import type { Project } from "../../support/project.ts";
import type { Files } from "./scenario.ts";

/** Saves that are over when the server has taken in what its watcher told. */
interface Saving {
  readonly hotUpdateEnvironments: NonNullable<ServerOptions["hotUpdateEnvironments"]>;
  readonly save: (server: ViteDevServer, files: Files) => Promise<void>;
}

/** Save files of a project. The test plays the watcher, so that nothing has to be waited for. */
export function saving(project: Project): Saving {
  let onTold = ignore;
  return {
    hotUpdateEnvironments: async (server, hmr) => {
      await Promise.all(Object.values(server.environments).map(async (environment) => hmr(environment)));
      onTold();
    },
    save: async (server, files) => {
      for (const [file, text] of Object.entries(files)) {
        const event = existsSync(project.path(file)) ? "change" : "add";
        project.write(file, text);
        await new Promise<void>((resolve) => {
          onTold = resolve;
          server.watcher.emit(event, project.path(file));
          server.watcher.emit("all", event, project.path(file));
        });
      }
    },
  };
}

function ignore(): void {}
