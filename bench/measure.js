/** The value below which a share of the sorted numbers lies. */
export function percentile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (numbers) => percentile(numbers, 0.5);

/** Milliseconds (or other units) with the digits that matter. */
export function show(number, unit = "ms") {
  const digits = number >= 100 ? 0 : number >= 10 ? 1 : number >= 1 ? 2 : 3;
  return `${number.toFixed(digits)} ${unit}`;
}

/** Print rows of cells as a table. */
export function table(title, head, rows) {
  console.log(`\n## ${title}\n`);
  console.log(`| ${head.join(" | ")} |`);
  console.log(`| ${head.map(() => "---").join(" | ")} |`);
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
}

/** The heap in use after a full collection, in bytes. Needs `--expose-gc`. */
export async function settledHeap() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}
