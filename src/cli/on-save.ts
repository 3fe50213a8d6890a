import { watch } from "node:fs";

/** An editor writes in several steps. */
const QUIET_MS = 200;

/** Call back after something was saved in a folder itself, until the returned function is called. */
export function onSave(folder: string, saved: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  try {
    const watcher = watch(folder, () => {
      clearTimeout(timer);
      timer = setTimeout(saved, QUIET_MS);
    });
    watcher.on("error", () => watcher.close());
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  } catch {
    // Where nothing can be watched, a key asks.
    return () => undefined;
  }
}
