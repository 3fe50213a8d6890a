import { expect, test, vi } from "vitest";
import { describeBoth, expectNoComplaints, nextName, serveClients } from "./support/client-project.ts";
import { soon } from "./support/soon.ts";

/** A job of every second; `held` says whether a top-level binding holds it. */
const ticking = (name: string, held: boolean): string => `
  import { Cron } from "croner";
  ${held ? "export const job = " : ""}new Cron("* * * * * *", () => globalThis.orbitTestLog?.push("${name} " + Math.round(Date.now() / 1000)));
  export const GET = () => new Response("${name}");`;

const named = (name: string, n: number, head = ""): string => `
  import { Cron } from "croner";
  const job = new Cron("* * * * * *", { name: "${name}" }, () => globalThis.orbitTestLog?.push("${n}"));
  ${head}
  export const GET = () => new Response("${n}");`;

describeBoth("croner", true, (propagation) => {
  test("after many edits each second is handled once, by the new code, whether somebody holds the job or not", async () => {
    globalThis.orbitTestLog = [];
    const routes = ["held", "unheld"] as const;
    const text = (route: (typeof routes)[number], n: number): string =>
      ticking(`${route} ${n}`, route === "held");
    const served = await serveClients(
      { "pages/api/held.ts": text("held", 0), "pages/api/unheld.ts": text("unheld", 0) },
      { propagation },
    );
    for (const route of routes) await served.get(`/api/${route}`);
    for (let n = 1; n < 8; n++) {
      for (const route of routes) {
        served.project.write(`pages/api/${route}.ts`, text(route, n));
        expect(await served.get(`/api/${route}`)).toBe(`${route} ${n}`);
      }
    }
    // What was closed is told before the ticks of the last edit are looked at.
    await vi.waitFor(() => expect(served.reports).not.toHaveLength(0), soon);
    globalThis.orbitTestLog = [];
    const ticks = globalThis.orbitTestLog;
    await vi.waitFor(() => expect(ticks.length).toBeGreaterThanOrEqual(4), soon);
    expect(new Set(ticks).size).toBe(ticks.length);
    expect(new Set(ticks.map((tick) => tick.slice(0, tick.lastIndexOf(" "))))).toEqual(
      new Set(["held 7", "unheld 7"]),
    );
    expectNoComplaints(served);
  });

  test("a named job is refused while the old one has its name; the answer says what to do, and the old one goes on", async () => {
    globalThis.orbitTestLog = [];
    const name = nextName();
    const served = await serveClients({ "pages/api/a.ts": named(name, 1) }, { propagation });
    await served.get("/api/a");
    served.project.write("pages/api/a.ts", named(name, 2));
    const { status, json } = await served.fetch("/api/a");
    expect(status).toBe(500);
    expect(json()["detail"]).toMatch(/name already taken.*dispose of it/s);
    expect(json()["file"]).toBe("pages/api/a.ts");
    await vi.waitFor(() => expect(globalThis.orbitTestLog).toContain("1"), soon);
    expect(globalThis.orbitTestLog).not.toContain("2");
  });

  test("a named job that is stopped in a dispose handler with data is followed by the new one", async () => {
    globalThis.orbitTestLog = [];
    const name = nextName();
    const stopping = "import.meta.hot?.dispose((_data) => job.stop());";
    const served = await serveClients({ "pages/api/a.ts": named(name, 1, stopping) }, { propagation });
    await served.get("/api/a");
    for (let n = 2; n < 5; n++) {
      served.project.write("pages/api/a.ts", named(name, n, stopping));
      expect(await served.get("/api/a")).toBe(String(n));
    }
    globalThis.orbitTestLog = [];
    const ticks = globalThis.orbitTestLog;
    await vi.waitFor(() => expect(ticks.length).toBeGreaterThanOrEqual(1), soon);
    expect(new Set(ticks)).toEqual(new Set(["4"]));
    expectNoComplaints(served);
  });
});
