import type { ViteDevServer } from "vite";
import { disk } from "../disk/disk.ts";
import { isSameStamp } from "../disk/stamp.ts";

/** When to look once more after an event; Vite's watcher drops what comes within 50 ms of it. */
const LOOKS_MS = [60, 75] as const;

/**
 * Vite's watcher swallows a save that follows another within 50 ms, and what it swallows stays stale in the browser
 * until the next save. A file is looked at twice more after each event, and a difference is an event, too.
 */
export function repeatLostSaves(watcher: ViteDevServer["watcher"]): () => void {
  const looks = new Map<string, NodeJS.Timeout>();
  const onEvent = (event: string, file: string): void => {
    if (event !== "change" && event !== "add") return;
    clearTimeout(looks.get(file));
    const seen = disk.stamp(file);
    const look = (index: number): void => {
      const now = disk.stamp(file);
      if (now !== undefined && !isSameStamp(seen, now)) {
        looks.delete(file);
        watcher.emit("change", file);
        watcher.emit("all", "change", file);
      } else schedule(index + 1);
    };
    const schedule = (index: number): void => {
      const pause = LOOKS_MS[index];
      if (pause === undefined) looks.delete(file);
      else looks.set(file, setTimeout(() => look(index), pause).unref());
    };
    schedule(0);
  };
  watcher.on("all", onEvent);
  return () => {
    watcher.off("all", onEvent);
    for (const timer of looks.values()) clearTimeout(timer);
  };
}
