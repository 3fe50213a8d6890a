// Loaded into a measured process: what it has used is known only to itself, and only at its end.
const { appendFileSync } = require("node:fs");

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, maxRssMb: maxRSS / 1024 };
  appendFileSync(process.env.ORBIT_BENCH_USAGE, `${JSON.stringify(usage)}\n`);
});
