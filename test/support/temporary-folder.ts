import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A folder with some files, which is gone when the test is over. */
export function temporaryFolder(texts: Iterable<readonly [name: string, text: string]> = []): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "orbit-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of texts) writeBelow(folder, name, text);
  return folder;
}

/** Write a file, and the folders above it. */
export function writeBelow(folder: string, name: string, text: string): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
