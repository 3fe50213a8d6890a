import { onTestFinished } from "vitest";

type Logging = typeof globalThis & { orbitLog?: string[] };

/** What modules of a test write with `globalThis.orbitLog?.push(…)`: present for this test only. */
export function moduleLog(): string[] {
  const log: string[] = [];
  const scope = globalThis as Logging;
  scope.orbitLog = log;
  onTestFinished(() => {
    delete scope.orbitLog;
  });
  return log;
}

/** A door that modules of a test wait at: `await globalThis.orbitGate`. */
export function moduleGate(): { open(): void } {
  const scope = globalThis as { orbitGate?: Promise<void> };
  let open = ignore;
  scope.orbitGate = new Promise((resolve) => (open = resolve));
  onTestFinished(() => {
    open();
    delete scope.orbitGate;
  });
  return { open: () => open() };
}

/** Let timers and promises that are due have their turn. */
export async function settled(ms = 5): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

function ignore(): void {}
