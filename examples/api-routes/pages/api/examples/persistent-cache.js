import { setTimeout as wait } from "node:timers/promises";
import { createCache } from "orbit-hmr/state";

const reports = createCache("reports", 5 * 60 * 1000);

export async function GET(request) {
  const city = new URL(request.url).searchParams.get("city") ?? "Lisbon";

  const known = reports.get(city);
  if (known) return Response.json({ ...known, from: "cache" });

  const report = await writeReport(city);
  reports.set(city, report);
  return Response.json({ ...report, from: "work" });
}

export async function DELETE() {
  const dropped = reports.size();
  reports.clear();
  return Response.json({ dropped });
}

/** Something slow that nobody wants to wait for after every save. */
async function writeReport(city) {
  await wait(1200);
  return { city, writtenAt: new Date().toISOString() };
}
