import { isMainThread } from "node:worker_threads";
import { settledHeap } from "../measure.js";

// Loaded into a measured server: what it has used is asked beside its HTTP path, so that asking is not measured with it.
if (isMainThread && process.send !== undefined) {
  process.on("message", async (question) => {
    if (question?.type !== "usage") return;
    const { rss } = process.memoryUsage();
    const heapUsed = question.isCollected ? await settledHeap() : undefined;
    const { user, system } = process.cpuUsage();
    process.send({ type: "usage", cpuMs: (user + system) / 1_000, rss, heapUsed });
  });
  process.on("disconnect", () => process.exit());
}
