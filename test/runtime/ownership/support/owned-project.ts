import { onTestFinished } from "vitest";
import type { Generation } from "../../../../src/runtime/model/generation.ts";
import { Ownership } from "../../../../src/runtime/ownership/index.ts";
import type { ClosedResource } from "../../../../src/runtime/ownership/index.ts";
import { memoryProject } from "../../support/memory-project.ts";
import type { Files, MemoryProject, ProjectOptions } from "../../support/memory-project.ts";

/** A memory project whose generations own what they open. */
export interface OwnedProject {
  readonly project: MemoryProject;
  readonly ownership: Ownership;
  /** What was closed so far. */
  readonly closed: ClosedResource[];
  /** Resolves when everything that was let go of is closed. */
  readonly settled: () => Promise<void>;
}

interface OwnedOptions extends ProjectOptions {
  readonly isOptedOut?: (generation: Generation) => boolean;
}

/** These laws hold for modules and for CommonJS: the suites run once with each. */
const FORMAT = process.env["ORBIT_TEST_FORMAT"] === "commonjs" ? "commonjs" : "module";

/** A project whose closings can be looked at, with a deadline that a test can wait for. */
export function ownedProject(files: Files, options: OwnedOptions = {}): OwnedProject {
  const { isOptedOut = () => false, ...rest } = options;
  const closed: ClosedResource[] = [];
  const closing = new Set<Promise<unknown>>();
  const ownership: Ownership = new Ownership({
    live: () => [...project.runtime.records].flatMap(({ live }) => live ?? []),
    isOptedOut,
  });
  const closeAll = ownership.closeAll.bind(ownership);
  ownership.closeAll = async (generation, { reason }) => {
    const step = closeAll(generation, { deadlineMs: 500, reason });
    closing.add(step);
    const resources = await step.finally(() => closing.delete(step));
    closed.push(...resources);
    return resources;
  };
  const settled = async (): Promise<void> => {
    await Promise.all(project.commits.map((commit) => commit.closed));
    while (closing.size > 0) await Promise.all(closing);
  };
  const project = memoryProject(files, { ...rest, format: FORMAT, ownership });
  onTestFinished(settled);
  return { project, ownership, closed, settled };
}
