import { createServer } from "vite";
import type { Plugin, RunnableDevEnvironment } from "vite";
import { onTestFinished } from "vitest";
import type { Project } from "../../support/project.ts";
import { ENTRY } from "./scenario.ts";
import type { Bench } from "./scenario.ts";
import { saving } from "./saving.ts";

const DONE = "orbit-test:done";

/** A stock Vite server whose own module runner, with its own HMR client, runs the modules. */
export async function viteBench(project: Project, log: string[], plugins: readonly Plugin[]): Promise<Bench> {
  const saves = saving(project);
  const server = await createServer({
    root: project.root,
    configFile: false,
    logLevel: "silent",
    plugins: [...plugins],
    optimizeDeps: { noDiscovery: true },
    server: {
      middlewareMode: true,
      ws: false,
      watch: null,
      hotUpdateEnvironments: saves.hotUpdateEnvironments,
    },
  });
  onTestFinished(async () => server.close());
  const environment = server.environments["ssr"] as RunnableDevEnvironment;
  const { runner } = environment;
  const { hmrClient } = runner;
  if (hmrClient === undefined) throw new Error("Vite's module runner has no HMR.");
  // Whatever a callback throws is nobody's: it must not end the test.
  const update = hmrClient.queueUpdate.bind(hmrClient);
  hmrClient.queueUpdate = async (payload) => update(payload).catch(() => undefined);
  const note = (text: string): void => void log.push(text);
  /** The runner handles one message after another: when this one arrives, it has handled all before. */
  const handled = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      hmrClient.customListenersMap.set(DONE, [() => resolve()]);
      environment.hot.send(DONE);
    });
  };
  const settle = async (): Promise<void> => {
    // Callbacks may send something that leads to another message: as long as that goes on, something is noted.
    for (let before = -1, quiet = 0; quiet < 3; before = log.length) {
      await handled();
      quiet = log.length === before ? quiet + 1 : 0;
    }
  };
  return {
    environment,
    note,
    settle,
    save: async (files) => {
      await saves.save(server, files);
      await settle();
    },
    ask: async () => {
      try {
        const { GET } = await runner.import<{ readonly GET: () => Promise<Response> }>(`/${ENTRY}`);
        note(`-> ${await (await GET()).text()}`);
      } catch {
        note("-> failed");
      }
    },
  };
}
