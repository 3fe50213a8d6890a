import type { DevEnvironment, Plugin } from "vite";
import type { Project } from "../../support/project.ts";
import { serve } from "../../support/serve.ts";
import type { Bench } from "./scenario.ts";
import { saving } from "./saving.ts";

/** Our server. Without a watcher the next request, or whoever asks for it, finds out what was saved. */
export async function orbitBench(
  project: Project,
  log: string[],
  {
    plugins,
    isWatching,
    propagation,
  }: {
    readonly plugins: readonly Plugin[];
    readonly isWatching: boolean;
    readonly propagation: "live" | "importers";
  },
): Promise<Bench> {
  const saves = saving(project);
  const { server, session, fetch } = await serve(project, {
    watch: false,
    // Vite tries nothing again by itself.
    plugin: { hmr: { maxRetries: 0, propagation } },
    config: { plugins: [...plugins], server: { hotUpdateEnvironments: saves.hotUpdateEnvironments } },
  });
  const note = (text: string): void => void log.push(text);
  const settle = async (): Promise<void> => session.reloads.settle();
  return {
    environment: server.environments["orbit_api"] as DevEnvironment,
    note,
    settle,
    save: async (files) => {
      if (isWatching) await saves.save(server, files);
      else for (const [file, text] of Object.entries(files)) project.write(file, text);
      await settle();
    },
    ask: async () => {
      const { status, text } = await fetch("/api/probe");
      note(status === 200 ? `-> ${text}` : "-> failed");
    },
  };
}
