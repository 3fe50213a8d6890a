import { describe, expect, test } from "vitest";
import { memoryProject, PROPAGATIONS } from "./memory-project.ts";
import { asCommonJs, canBeCommonJs } from "./module-kinds.ts";
import type { Answer, Ask, Files, MemoryProject, ProjectOptions } from "./memory-project.ts";

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

/** All answers after each edit, and those of a server that starts then. */
async function answersOver(
  project: MemoryProject,
  { edits, asks }: { readonly edits: readonly Files[]; readonly asks: readonly Ask[] },
): Promise<{ readonly hot: readonly Answer[][]; readonly cold: readonly Answer[][] }> {
  const hot: Answer[][] = [];
  const cold: Answer[][] = [];
  for (const edit of [{}, ...edits]) {
    await project.edit(edit);
    // A second look: what the first one has filled or loaded must not change the answer.
    for (const each of [asks, asks.toReversed()]) {
      const answers = await project.answers(each);
      hot.push([...answers.hot]);
      cold.push([...answers.cold]);
    }
  }
  return { hot, cold };
}

/** Every program with both propagations, and what runs where that is a promise. */
export function testPrograms(programs: readonly Program[]): void {
  describe.each(PROPAGATIONS)("with %s", (propagation) => {
    test.each(programs)("$law", async ({ files, asks = [["entry.ts"]], edits, options }) => {
      const project = memoryProject(files, { ...options, propagation });
      const { hot, cold } = await answersOver(project, { edits, asks });
      expect(hot).toEqual(cold);
    });
  });

  const scripts = programs.flatMap(asScripts);
  test.skipIf(scripts.length === 0).each(scripts)(
    "in CommonJS: $law",
    async ({ files, asks = [], edits, options }) => {
      const project = memoryProject(files, options);
      const { hot, cold } = await answersOver(project, { edits, asks });
      expect(hot).toEqual(cold);
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
