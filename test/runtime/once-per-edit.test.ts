import { describe, expect, onTestFinished, test } from "vitest";
import { memoryProject, PROPAGATIONS } from "./support/memory-project.ts";
import type { Files, MemoryProject } from "./support/memory-project.ts";

const COUNT = 12;
const entries: readonly string[] = Array.from({ length: COUNT }, (_, index) => `r${index}.ts`);

/** How often each module has run in all commits. */
function runsOf({ commits }: MemoryProject): Readonly<Record<string, number>> {
  const runs: Record<string, number> = {};
  for (const { ran } of commits)
    for (const { displayName } of ran.keys()) runs[displayName] = (runs[displayName] ?? 0) + 1;
  return runs;
}

function forget(): void {
  delete (globalThis as Record<string, unknown>)["ORBIT_SEEN"];
  delete process.env["ORBIT_SEEN"];
}

async function askAll(project: MemoryProject): Promise<void> {
  for (const entry of entries) await project.ask(entry);
}

/** Modules that all write and read the same things, each asked for as an entry of its own. */
const kinds: readonly (readonly [kind: string, (name: string, edit: number) => string, Files])[] = [
  [
    "a global that is counted up",
    (name, edit) =>
      `const g = globalThis as any; g.ORBIT_SEEN = (g.ORBIT_SEEN ?? 0) + 1; export const GET = () => ["${name}", ${edit}];`,
    {},
  ],
  [
    "a list behind a global",
    (name, edit) =>
      `const g = globalThis as any; (g.ORBIT_SEEN ??= []).push("${name}"); export const GET = () => ["${name}", ${edit}];`,
    {},
  ],
  [
    "a global and a member of it",
    (name, edit) =>
      `(globalThis as any).ORBIT_SEEN ??= {}; (globalThis as any).ORBIT_SEEN.${name.replace(".ts", "")} = ${edit}; export const GET = () => 1;`,
    {},
  ],
  [
    "a global that a helper writes",
    (name, edit) =>
      `import { note } from "./note"; note("${name}"); export const GET = () => ["${name}", ${edit}];`,
    {
      "note.ts": `export const note = (name) => { globalThis.ORBIT_SEEN = [...(globalThis.ORBIT_SEEN ?? []), name]; };`,
    },
  ],
  [
    "the environment",
    (name, edit) =>
      `process.env.ORBIT_SEEN = String(Number(process.env.ORBIT_SEEN ?? 0) + 1); export const GET = () => ["${name}", ${edit}];`,
    {},
  ],
];

describe.each(PROPAGATIONS)("with %s, where every entry writes and reads", (propagation) => {
  describe.each(kinds)("%s", (_kind, text, files) => {
    const open = (): MemoryProject => {
      forget();
      onTestFinished(forget);
      return memoryProject(
        { ...Object.fromEntries(entries.map((name) => [name, text(name, 1)])), ...files },
        { propagation },
      );
    };

    test("a first evaluation makes nobody run again", async () => {
      const project = open();
      await askAll(project);
      for (const name of entries) expect(runsOf(project)[name]).toBe(1);
    });

    test("asking without an edit runs nothing", async () => {
      const project = open();
      await askAll(project);
      const before = project.commits.length;
      for (let round = 0; round < 3; round++) await askAll(project);
      expect(project.commits.length).toBe(before);
    });

    test("one edit runs a module at most once", async () => {
      const project = open();
      await askAll(project);
      for (const edited of ["r0.ts", "r5.ts", "r11.ts"]) {
        project.commits.length = 0;
        project.save({ [edited]: text(edited, 2) });
        for (let round = 0; round < 3; round++) await askAll(project);
        const runs = runsOf(project);
        expect(runs[edited]).toBe(1);
        for (const name of entries) expect(runs[name] ?? 0).toBeLessThanOrEqual(1);
        project.save({ [edited]: text(edited, 1) });
        await askAll(project);
      }
    });
  });
});
