import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { Report } from "../../../src/protocol/report.ts";
import type { Project } from "./project.ts";
import { askOf } from "./serve.ts";
import type { Served } from "./serve.ts";

const REPOSITORY = resolve(import.meta.dirname, "../../..");

/** A dev server in a process of its own, from the built package. */
export interface ServedInProcess extends Pick<Served, "url" | "fetch" | "get" | "status"> {
  readonly reports: () => readonly Report[];
  /** Let Vite restart, as it does for another config. */
  readonly restart: () => void;
}

/**
 * Serve a project in a process of its own until the test is finished.
 *
 * @param vite the folder of the Vite that serves; ours has one of its own beside it
 */
export async function serveInProcess(
  project: Project,
  vite: string = join(REPOSITORY, "node_modules/vite"),
): Promise<ServedInProcess> {
  const program = `
    const { createServer } = await import(${JSON.stringify(join(vite, "dist/node/index.js"))});
    const { apiRoutes } = await import(${JSON.stringify(join(REPOSITORY, "dist/vite/index.js"))});
    const server = await createServer({
      root: ${JSON.stringify(project.root)},
      configFile: false,
      logLevel: "silent",
      plugins: [apiRoutes()],
      optimizeDeps: { noDiscovery: true },
      server: { port: 0, host: "127.0.0.1" },
    });
    const session = server.config.plugins.find(({ name }) => name === "orbit-hmr").api.session();
    session.reports.listen((report) => console.log(JSON.stringify(report)));
    await server.listen();
    process.stdin.on("data", () => server.restart());
    console.log(JSON.stringify({ event: "listening", port: server.httpServer.address().port }));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: project.root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill();
    // What it writes as it closes must not meet the removal of the project.
    await exited;
  });
  const reports: Report[] = [];
  const port = await new Promise<number>((found, failed) => {
    child.once("exit", (code) => failed(new Error(`The server ended with code ${code}.`)));
    createInterface(child.stdout).on("line", (line) => {
      const event = JSON.parse(line) as Report | { readonly event: "listening"; readonly port: number };
      if (event.event === "listening") found(event.port);
      else reports.push(event);
    });
  });
  return {
    ...askOf(`http://127.0.0.1:${port}`),
    reports: () => reports,
    restart: () => child.stdin.write("restart\n"),
  };
}
