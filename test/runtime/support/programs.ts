import { describe, expect, test } from "vitest";
import { memoryProject, PROPAGATIONS } from "./memory-project.ts";
import { asCommonJs, canBeCommonJs } from "./module-kinds.ts";
import type { Ask, Files, ProjectOptions } from "./memory-project.ts";

/** A small program and what is done to it. Its answers must be those of a fresh start after every edit. */
export interface Program {
  /** A sentence that a user could read. */
  readonly law: string;
  readonly files: Files;
  /** @default [["entry.ts"]] */
  readonly asks?: readonly Ask[];
  readonly edits: readonly Files[];
  /** Which modules the last edit runs again with `live`: where that is a promise, too. */
  readonly runs?: readonly string[];
  readonly options?: ProjectOptions;
}

/** The same program in CommonJS, if all of it can be said there: modules are asked for once, and in order. */
function asScripts(program: Program): readonly Program[] {
  const versions = [program.files, ...program.edits];
  const texts = versions.flatMap((files) => Object.values(files).filter((text) => text !== undefined));
  if (!texts.every(canBeCommonJs)) return [];
  const asked = program.asks ?? [["entry.ts"] as const];
  const [files = {}, ...edits] = versions.map((version) =>
    Object.fromEntries(
      Object.entries(version).map(([name, text]) => [asScriptName(name), text && asCommonJs(text)]),
    ),
  );
  const asks = asked.map((ask) => ask.with(0, asScriptName(ask[0])) as unknown as Ask);
  return [{ law: program.law, files, edits, asks, ...(program.options && { options: program.options }) }];
}

function asScriptName(name: string): string {
  return name.replace(/\.[jt]s$/, ".cts");
}

/** Every program with both propagations, and what runs where that is a promise. */
export function testPrograms(programs: readonly Program[]): void {
  describe.each(PROPAGATIONS)("with %s", (propagation) => {
    test.each(programs)("$law", async ({ files, asks = [["entry.ts"]], edits, options }) => {
      const project = memoryProject(files, { ...options, propagation });
      for (const edit of [{}, ...edits]) {
        await project.edit(edit);
        const first = await project.answers(asks);
        expect(first.hot).toEqual(first.cold);
        // A second look: what the first one has filled or loaded must not change the answer.
        const second = await project.answers(asks.toReversed());
        expect(second.hot).toEqual(second.cold);
      }
    });
  });

  const scripts = programs.flatMap(asScripts);
  test.skipIf(scripts.length === 0).each(scripts)(
    "in CommonJS: $law",
    async ({ files, asks = [], edits, options }) => {
      const project = memoryProject(files, options);
      for (const edit of [{}, ...edits]) {
        await project.edit(edit);
        const first = await project.answers(asks);
        expect(first.hot).toEqual(first.cold);
        const second = await project.answers(asks.toReversed());
        expect(second.hot).toEqual(second.cold);
      }
    },
  );

  const exact = programs.filter(({ runs }) => runs !== undefined);
  test.skipIf(exact.length === 0).each(exact)(
    "$law: runs nothing else",
    async ({ files, asks = [["entry.ts"]], edits, runs = [], options }) => {
      const project = memoryProject(files, options);
      for (const edit of [{}, ...edits]) {
        await project.edit(edit);
        for (const ask of asks) if (edit !== edits.at(-1)) await project.answer(...ask);
      }
      expect(Object.keys(project.ran).toSorted()).toEqual(runs.toSorted());
    },
  );
}
