import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { isMainThread } from "node:worker_threads";
import { settledHeap } from "../measure.js";

// Loaded into a measured server: what it has used is asked beside its HTTP path, so that asking is not measured with it.

const inspector = new Session();

const answers = {
  usage() {
    const { rss } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1_000, rss };
  },
  heap: async () => ({ heapUsed: await settledHeap() }),
  async startProfile() {
    inspector.connect();
    await inspector.post("Profiler.enable");
    await inspector.post("Profiler.setSamplingInterval", { interval: 200 });
    await inspector.post("Profiler.start");
  },
  async stopProfile({ file }) {
    const { profile } = await inspector.post("Profiler.stop");
    inspector.disconnect();
    writeFileSync(file, JSON.stringify(profile));
  },
};

if (isMainThread && process.send !== undefined) {
  process.on("message", async ({ type, id, ...details }) => {
    if (answers[type] !== undefined) process.send({ id, ...(await answers[type](details)) });
  });
  process.on("disconnect", () => process.exit());
}
