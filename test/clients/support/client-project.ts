import { resolve } from "node:path";
import { describe, expect } from "vitest";
import { createProject } from "../../vite/support/project.ts";
import type { Project } from "../../vite/support/project.ts";
import { serve } from "../../vite/support/serve.ts";
import type { ServeOptions, Served } from "../../vite/support/serve.ts";

/** How importers of an edited module are judged; what is opened and closed must not depend on it. */
export type Propagation = "live" | "importers";

const PACKAGES = resolve(import.meta.dirname, "../../../node_modules");

/** A project that uses real packages, and its server. */
export interface ClientProject extends Served {
  readonly project: Project;
}

/** Serve a project that finds the packages of this repository. */
export async function serveClients(
  files: Readonly<Record<string, string>>,
  { propagation, ...options }: ServeOptions & { readonly propagation: Propagation },
): Promise<ClientProject> {
  const project = createProject(files);
  for (const name of ["pg", "ioredis", "ws", "croner"])
    project.link(resolve(PACKAGES, name), `node_modules/${name}`);
  const served = await serve(project, { plugin: { hmr: { propagation } }, ...options });
  return { ...served, project };
}

/** Laws that hold whatever `hmr.propagation` is; `canRun` says whether this machine has what they need. */
export function describeBoth(name: string, canRun: boolean, laws: (propagation: Propagation) => void): void {
  // `describe.skipIf(…).for(…)` does not skip.
  describe.skipIf(!canRun)(`${name} in both modes`, () => {
    describe.for(["live", "importers"] as const)("propagation: %s", (propagation) => {
      laws(propagation);
    });
  });
}

/** Nothing failed; what took long to close was told. */
export function expectNoComplaints({ reports, lines }: Served): void {
  const complaints = reports.filter(
    (report) => report.event !== "reload" && !(report.event === "notice" && report.level === "info"),
  );
  expect(complaints).toEqual([]);
  expect(lines).toEqual([]);
}

/** What is open, as the status says it. */
export async function openResources({ status }: Served): Promise<readonly string[]> {
  return (await status()).resources.map(({ kind, module }) => `${kind} ${module}`);
}

let names = 0;

/** A name that no other test of the file uses: for connections, channels, jobs and globals. */
export function nextName(): string {
  return `orbit-client-${++names}`;
}
