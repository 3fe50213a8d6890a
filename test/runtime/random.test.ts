import { expect, test } from "vitest";
import { MemoryProject, PROPAGATIONS } from "./support/memory-project.ts";
import type { Answer, Files } from "./support/memory-project.ts";
import { randomProgram } from "./support/random-programs.ts";
import type { RandomProgram, Statements } from "./support/random-programs.ts";
import type { Propagation } from "../../src/runtime/index.ts";

const SEEDS = Number(process.env["ORBIT_SEEDS"] ?? 20);
const FIRST = Number(process.env["ORBIT_FIRST_SEED"] ?? 1);
const EDITS = 5;

// What requests have left in top-level bindings is state, and kept: without it hot and cold are one.
test.each(PROPAGATIONS)(
  "programs that nobody wrote answer after any edits like fresh ones, with %s",
  async (propagation) => {
    let compared = 0;
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const program = randomProgram(seed, EDITS);
      const count = (): number => compared++;
      if ((await findDifference(program, propagation, count)) === undefined) continue;
      const smallest = await shrink(program, propagation);
      const difference = await findDifference(smallest, propagation);
      expect.fail(
        `seed ${seed}\n${describeProgram(smallest)}\nhot:  ${difference?.hot}\ncold: ${difference?.cold}`,
      );
    }
    // Most programs must run: errors are easily equal.
    expect(compared).toBeGreaterThan((SEEDS * EDITS) / 2);
  },
  Number(process.env["ORBIT_TIMEOUT"] ?? 60_000),
);

interface Difference {
  readonly hot: string;
  readonly cold: string;
}

async function findDifference(
  program: RandomProgram,
  propagation: Propagation,
  onSuccess: () => void = () => undefined,
): Promise<Difference | undefined> {
  const { files, edits, entries } = program;
  const project = new MemoryProject(textsOf(files), { propagation, preserveState: false });
  try {
    await answers(project, entries);
    for (const edit of edits) {
      await project.edit(textsOf(edit));
      const hot = await answers(project, entries);
      const fresh = new MemoryProject(Object.fromEntries(project.files), {
        propagation,
        preserveState: false,
      });
      const cold = await answers(fresh, entries);
      await fresh.runtime.close();
      if (cold.every((answer) => "value" in answer)) onSuccess();
      // What a broken entry leaves behind depends on whether it ever ran: the others are compared when all is well.
      const isBroken = cold.some((answer) => "error" in answer);
      const comparable = hot.filter(
        (answer, index) => !isBroken || "error" in answer || "error" in (cold[index] ?? answer),
      );
      const expected = cold.filter(
        (answer, index) => !isBroken || "error" in answer || "error" in (hot[index] ?? answer),
      );
      if (JSON.stringify(comparable) !== JSON.stringify(expected)) {
        return { hot: JSON.stringify(comparable), cold: JSON.stringify(expected) };
      }
    }
    return undefined;
  } finally {
    await project.runtime.close();
  }
}

/** All entries are asked twice: what the first round loads, the second one sees. */
async function answers(project: MemoryProject, entries: readonly string[]): Promise<Answer[]> {
  for (const entry of entries) await project.answer(entry);
  const found: Answer[] = [];
  for (const entry of entries) found.push(await project.answer(entry));
  return found;
}

function textsOf(files: Readonly<Record<string, Statements>>): Files {
  return Object.fromEntries(Object.entries(files).map(([name, statements]) => [name, statements.join("\n")]));
}

/** Leave out edits, files and statements as long as the answers still differ. */
async function shrink(program: RandomProgram, propagation: Propagation): Promise<RandomProgram> {
  let smallest = program;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of smallerThan(smallest)) {
      const difference = await findDifference(candidate, propagation);
      if (difference === undefined) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

function* smallerThan(program: RandomProgram): Iterable<RandomProgram> {
  const { files, edits, entries } = program;
  for (const index of edits.keys()) yield { ...program, edits: edits.toSpliced(index, 1) };
  for (const index of entries.keys())
    if (entries.length > 1) yield { ...program, entries: entries.toSpliced(index, 1) };
  for (const smaller of smallerFiles(files)) yield { ...program, files: smaller };
  for (const [index, edit] of edits.entries()) {
    for (const smaller of smallerFiles(edit)) yield { ...program, edits: edits.with(index, smaller) };
  }
}

function* smallerFiles(files: Readonly<Record<string, Statements>>): Iterable<Record<string, Statements>> {
  for (const [name, statements] of Object.entries(files)) {
    for (const index of statements.keys()) yield { ...files, [name]: statements.toSpliced(index, 1) };
  }
}

function describeProgram({ files, edits }: RandomProgram): string {
  return [describeFiles(files), ...edits.map((edit) => `edit:\n${describeFiles(edit)}`)].join("\n");
}

function describeFiles(files: Readonly<Record<string, Statements>>): string {
  return Object.entries(files)
    .filter(([, statements]) => statements.length > 0)
    .map(([name, statements]) => `  ${name}\n${statements.map((line) => `    ${line}`).join("\n")}`)
    .join("\n");
}
