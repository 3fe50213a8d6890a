import { EventEmitter } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  describeBoth,
  expectNoComplaints,
  nextName,
  openResources,
  serveClients,
} from "./support/client-project.ts";
import { soon } from "./support/soon.ts";

const EDITS = 12;

/** A timer, a listener of the process, one of an emitter that outlives the module, and one of its own emitter. */
const mixed = (name: string, n: number, tail = ""): string => `
  import { EventEmitter } from "node:events";
  const own = new EventEmitter();
  own.on("tick", () => globalThis.orbitTestLog?.push("own ${n}"));
  setInterval(() => own.emit("tick"), ${1 + n / 1000});
  process.on("${name}", () => globalThis.orbitTestLog?.push("process ${n}"));
  globalThis["${name}"].on("x", () => globalThis.orbitTestLog?.push("shared ${n}"));
  export const GET = () => new Response("${n}");
  ${tail}`;

function sharedEmitter(name: string): EventEmitter {
  const shared = new EventEmitter();
  Object.assign(globalThis, { [name]: shared });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, name));
  return shared;
}

function expectOneGeneration(shared: EventEmitter, name: string): void {
  expect([process.listenerCount(name), shared.listenerCount("x")]).toEqual([1, 1]);
}

/** What is logged from now on by timers and by one event each. */
async function heardNow(shared: EventEmitter, name: string): Promise<readonly string[]> {
  const log: string[] = [];
  globalThis.orbitTestLog = log;
  process.emit(name as "beforeExit", 0);
  shared.emit("x");
  await vi.waitFor(
    () => expect(log.filter((line) => line.startsWith("own")).length).toBeGreaterThan(3),
    soon,
  );
  return [...new Set(log)].toSorted();
}

describeBoth("a timer and listeners in one module", true, (propagation) => {
  test("are those of one generation after many edits, and gone with the route", async () => {
    const name = nextName();
    const shared = sharedEmitter(name);
    const served = await serveClients({ "pages/api/a.ts": mixed(name, 0) }, { propagation });
    await served.get("/api/a");
    for (let n = 1; n <= EDITS; n++) {
      served.project.write("pages/api/a.ts", mixed(name, n));
      expect(await served.get("/api/a")).toBe(String(n));
    }
    await vi.waitFor(() => expectOneGeneration(shared, name), soon);
    expect(await heardNow(shared, name)).toEqual([`own ${EDITS}`, `process ${EDITS}`, `shared ${EDITS}`]);
    expect((await openResources(served)).toSorted()).toEqual([
      "listener pages/api/a.ts",
      "listener pages/api/a.ts",
      "timer pages/api/a.ts",
    ]);
    served.project.remove("pages/api/a.ts");
    await served.fetch("/api/a");
    await vi.waitFor(
      () => expect([process.listenerCount(name), shared.listenerCount("x")]).toEqual([0, 0]),
      soon,
    );
    expectNoComplaints(served);
  });

  test("stay those of the last good code when an edit is broken", async () => {
    const name = nextName();
    const shared = sharedEmitter(name);
    const served = await serveClients({ "pages/api/a.ts": mixed(name, 1) }, { propagation });
    await served.get("/api/a");
    for (let n = 2; n < 5; n++) {
      served.project.write("pages/api/a.ts", mixed(name, n, `throw new Error("no ${n}");`));
      expect((await served.fetch("/api/a")).status).toBe(500);
    }
    await vi.waitFor(() => expectOneGeneration(shared, name), soon);
    expect(await heardNow(shared, name)).toEqual(["own 1", "process 1", "shared 1"]);
    await served.server.close();
    expect([process.listenerCount(name), shared.listenerCount("x")]).toEqual([0, 0]);
  });
});
