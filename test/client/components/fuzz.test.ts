import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Run } from "./fuzz-page.ts";
import { bundle, PatchedPage } from "./patched-page.ts";

declare global {
  interface Window {
    FuzzPage: { readonly runProgram: (seed: number) => Promise<Run> };
  }
}

const ROUNDS = Number(process.env["ORBIT_FUZZ_ROUNDS"] ?? 400);
const SEED = Number(process.env["ORBIT_FUZZ_SEED"] ?? 1);

test(
  "whatever is patched is what the new template would have drawn, each node that corresponds is the same, and what old code draws becomes so, too",
  {
    timeout: 120_000,
  },
  async () => {
    const page = await PatchedPage.open("");
    const file = fileURLToPath(new URL("fuzz-page.ts", import.meta.url));
    await page.tab.addScriptTag({
      content: `${await bundle(file, "FuzzPage")}; window.FuzzPage = FuzzPage;`,
    });
    const counts = { taken: 0, refused: 0, unsettled: 0 };
    const reasons = new Map<string, number>();
    for (let seed = SEED; seed < SEED + ROUNDS; seed++) {
      const run = await page.tab.evaluate(async (own) => window.FuzzPage.runProgram(own), seed);
      expect(run.problem).toBeUndefined();
      counts.taken += run.taken;
      counts.refused += run.refused.length;
      counts.unsettled += run.unsettled.length;
      for (const reason of [...run.refused, ...run.unsettled])
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (process.env["ORBIT_FUZZ_ROUNDS"] !== undefined)
      process.stdout.write(`${JSON.stringify([counts, [...reasons]], undefined, 1)}\n`);
    // Most edits are taken: to refuse all of them would be a way to be right, too.
    expect(counts.taken).toBeGreaterThan(counts.refused);
    expect(counts.unsettled).toBeLessThan(counts.taken / 20);
  },
);
