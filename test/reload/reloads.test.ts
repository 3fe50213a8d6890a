import { describe, expect, test } from "vitest";
import { createSignal } from "../vite/support/signal.ts";
import { settle } from "./support/fake-clock.ts";
import { FakeProject } from "./support/fake-project.ts";

const shared = { a: ["a.ts", "lib.ts"], b: ["b.ts", "lib.ts"], c: ["c.ts"] };

/** A loop in which these entries have been asked for, and nothing is left to do. */
async function start(asked: readonly string[], options = {}): Promise<FakeProject> {
  const project = new FakeProject(shared, options);
  for (const entry of asked) await project.ask(entry);
  await project.clock.pass(1_000);
  project.takeLog();
  return project;
}

/** A loop with many entries that have been asked for, each with a file of its own and those that all share. */
async function startMany(
  count: number,
  common: readonly string[] = [],
): Promise<{ readonly project: FakeProject; readonly files: readonly string[] }> {
  const files = Array.from({ length: count }, (_, index) => `r${index}.ts`);
  const project = new FakeProject(
    Object.fromEntries(files.map((file, index) => [`r${index}`, [file, ...common]])),
  );
  for (const index of files.keys()) await project.ask(`r${index}`);
  await project.clock.pass(1_000);
  project.takeLog();
  return { project, files };
}

/** Save files, with a watcher that sees it. */
function saveAll(project: FakeProject, files: readonly string[], text: string): void {
  for (const file of files) {
    project.disk.write(file, text);
    project.loop.noteEvent(file);
  }
}

/** An update that lasts until it is let go. */
function hold(project: FakeProject): () => void {
  const released = createSignal();
  project.holdUpdate = async () => released.promise;
  return () => {
    project.holdUpdate = async () => {};
    released.resolve();
  };
}

describe("the barrier", () => {
  test("is synchronous, and looks once at each file, when nothing has changed", async () => {
    const project = await start(["a"]);
    const before = { ...project.disk.looks };
    expect(project.loop.ready("a")).toEqual({ status: "ready" });
    expect(project.disk.looks).toEqual({ stamps: before.stamps + 2, digests: before.digests });
  });

  test("waits for a change that another request has found, and that is being taken in", async () => {
    const project = await start(["a", "b"]);
    const released = createSignal();
    project.holdApply = async () => released.promise;
    project.disk.write("lib.ts", "2");
    const first = project.ask("a");
    await settle();
    const second = project.ask("b");
    await settle();
    released.resolve();
    expect([await first, await second]).toEqual(["1+2", "1+2"]);
  });

  test("brings an entry up to date before it is served", async () => {
    const project = await start(["a"]);
    project.disk.write("lib.ts", "2");
    expect(await project.ask("a")).toBe("1+2");
    expect(project.takeLog()).toEqual(["apply lib.ts", "update a committed"]);
  });

  test("checks again after an update: a save during it is served as well", async () => {
    const project = await start(["a"]);
    project.disk.write("lib.ts", "2");
    project.onRead = (file) => {
      if (file !== "lib.ts" || project.disk.read("lib.ts") === "3") return;
      project.disk.time += 1;
      project.disk.write("lib.ts", "3");
    };
    expect(await project.ask("a")).toBe("1+3");
  });

  test("requests that wait at the same time share one check", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "2");
    const answers = await Promise.all([project.ask("a"), project.ask("a"), project.ask("a")]);
    expect(answers).toEqual(["2+1", "2+1", "2+1"]);
    expect(project.takeLog()).toEqual(["apply a.ts", "update a committed"]);
  });

  test("requests that arrive during a check share the next one, which begins after them", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "2");
    const release = hold(project);
    const first = project.ask("a");
    await settle();
    project.disk.time += 50;
    project.disk.write("a.ts", "3");
    const late = [project.ask("a"), project.ask("a")];
    await settle();
    release();
    await first;
    expect(await Promise.all(late)).toEqual(["3+1", "3+1"]);
    expect(project.takeLog().filter((line) => line.endsWith("committed"))).toHaveLength(2);
  });

  test("a text that another entry's update is reading is waited for", async () => {
    const project = await start(["a", "b"]);
    project.disk.write("lib.ts", "2");
    const release = hold(project);
    const first = project.ask("a");
    await settle();
    const second = project.ask("b");
    await settle();
    release();
    expect(await second).toBe("1+2");
    expect(await first).toBe("1+2");
  });

  test("what is found out while others read is looked at once more by the next request", async () => {
    const project = await start(["a", "b"]);
    project.disk.write("a.ts", "2");
    const releaseFirst = hold(project);
    const first = project.ask("a");
    await settle();
    project.disk.write("lib.ts", "2");
    const releaseSecond = hold(project);
    const second = project.ask("b");
    await settle();
    releaseFirst();
    await first;
    expect(await project.ask("a")).toBe("2+2");
    releaseSecond();
    expect(await second).toBe("1+2");
  });

  test("ends although a file changes all the time", async () => {
    const project = await start(["a"]);
    let writes = 0;
    project.disk.write("a.ts", "changing");
    project.onRead = (file) => {
      project.disk.time += 1;
      if (file === "a.ts") project.disk.write("a.ts", `changing ${++writes}`);
    };
    expect(await project.ask("a")).toMatch(/^changing/);
    expect(writes).toBeLessThan(100);
  });

  test("a broken entry is answered without an update until something changes", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "!bad");
    expect(await project.ask("a")).toBe("!bad");
    project.takeLog();
    expect(await project.ask("a")).toBe("!bad");
    expect(project.takeLog()).toEqual([]);
    project.disk.time += 50;
    project.disk.write("a.ts", "2");
    expect(await project.ask("a")).toBe("2+1");
    expect(project.takeLog()).toEqual(["apply a.ts", "update a committed", "recovered a"]);
  });

  test("where the disk does not show what mends a problem, each request looks", async () => {
    const project = await start(["a"]);
    project.isShownOnDisk = false;
    project.disk.write("a.ts", "!bad");
    await project.ask("a");
    project.takeLog();
    await project.ask("a");
    await project.ask("a");
    expect(project.takeLog()).toEqual(["update a failed", "update a failed"]);
  });
});

describe("eager work", () => {
  test("the first save after a quiet time is live at once, and told when it is quiet", async () => {
    const project = await start(["a", "b", "c"]);
    project.disk.write("lib.ts", "2");
    project.loop.noteEvent("lib.ts");
    await project.clock.pass(10);
    expect(project.takeLog()).toEqual(["apply lib.ts", "update a,b committed"]);
    await project.clock.pass(90);
    expect(project.takeLog()).toEqual(["quiet"]);
  });

  test("what follows the first save is a burst: one update of all that use what changed", async () => {
    const project = await start(["a", "b", "c"]);
    for (let save = 2; save < 7; save++) {
      project.disk.write("lib.ts", String(save));
      project.disk.time += 50;
      project.loop.noteEvent("lib.ts");
      await project.clock.pass(50);
      expect(project.takeLog()).toEqual(save === 2 ? ["apply lib.ts", "update a,b committed"] : []);
    }
    await project.clock.pass(60);
    expect(project.takeLog()).toEqual(["apply lib.ts", "update a,b committed", "quiet"]);
  });

  test("files that were saved together are one update, however far apart their events come", async () => {
    const project = await start(["a", "b", "c"]);
    for (const file of ["a.ts", "c.ts"]) project.disk.write(file, "2");
    for (const file of ["a.ts", "c.ts"]) {
      project.loop.noteEvent(file);
      await project.clock.pass(50);
      expect(project.takeLog()).toEqual([]);
    }
    await project.clock.pass(60);
    expect(project.takeLog()).toEqual(["apply a.ts,c.ts", "update a,c committed", "quiet"]);
  });

  test("a file that is being written is not looked at before it is quiet", async () => {
    const project = await start(["a"]);
    project.isContent = false;
    project.disk.write("a.ts", "");
    project.loop.noteEvent("a.ts");
    await project.clock.pass(50);
    expect(project.takeLog()).toEqual([]);
    project.disk.write("a.ts", "2");
    await project.clock.pass(60);
    expect(project.takeLog()).toEqual(["apply a.ts", "update a committed", "quiet"]);
  });

  test("200 files that are saved together are one batch", async () => {
    const { project, files } = await startMany(200);
    saveAll(project, files, "2");
    await project.clock.pass(1_000);
    expect(project.takeLog().filter((line) => line.includes("committed"))).toHaveLength(1);
  });

  test("what a request has brought up to date is not looked at again, however many entries it concerns", async () => {
    const { project } = await startMany(200, ["lib.ts"]);
    project.disk.write("lib.ts", "2");
    expect(await project.ask("r0")).toBe("1+2");
    const { stamps } = project.disk.looks;
    await project.clock.pass(500);
    expect(project.takeLog()).toContain("quiet");
    expect(project.disk.looks.stamps - stamps).toBeLessThan(15);
    expect(await project.ask("r199")).toBe("1+2");
  });

  test("what is saved while a batch is evaluated is one more batch, and not a turn for each entry", async () => {
    const { project, files } = await startMany(20);
    saveAll(project, files, "2");
    const release = hold(project);
    await project.clock.pass(150);
    project.disk.time += 50;
    for (const file of files) project.disk.write(file, "3");
    release();
    await project.clock.pass(1_000);
    expect(project.takeLog().filter((line) => line.includes("committed"))).toHaveLength(2);
    const answers = await Promise.all(files.map(async (_, index) => project.ask(`r${index}`)));
    expect(new Set(answers)).toEqual(new Set(["3"]));
  });

  test("a burst that does not end is not gathered for ever", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "2");
    for (let event = 0; event < 60; event++) {
      project.loop.noteEvent("a.ts");
      await project.clock.pass(50);
    }
    expect(project.takeLog()).toContain("update a committed");
  });

  test("what one request finds is brought to the other entries without any watcher", async () => {
    const project = await start(["a", "b", "c"]);
    project.disk.write("lib.ts", "2");
    await project.ask("a");
    project.takeLog();
    await project.clock.pass(150);
    expect(project.takeLog()).toEqual(["quiet"]);
    expect(project.loop.ready("b")).toEqual({ status: "ready" });
  });

  test("nothing eager starts while git writes, and everything is caught up with afterwards", async () => {
    const project = await start(["a"]);
    project.isUnsettled = true;
    project.disk.write("a.ts", "2");
    project.loop.noteEvent("a.ts");
    await project.clock.pass(5_000);
    expect(project.takeLog()).toEqual([]);
    expect(await project.ask("a")).toBe("2+1");
    project.disk.time += 50;
    project.disk.write("a.ts", "3");
    project.isUnsettled = false;
    await project.clock.pass(200);
    expect(project.takeLog()).toEqual([
      "apply a.ts",
      "update a committed",
      "apply a.ts",
      "update a committed",
      "quiet",
    ]);
  });

  test("a second batch during an evaluation is worked off right after it, and told on its own", async () => {
    const project = await start(["a", "c"]);
    project.disk.write("a.ts", "2");
    project.loop.noteEvent("a.ts");
    const release = hold(project);
    await project.clock.pass(110);
    project.disk.write("c.ts", "2");
    project.loop.noteEvent("c.ts");
    await project.clock.pass(110);
    release();
    await project.clock.pass(500);
    expect(project.takeLog()).toEqual([
      "apply a.ts",
      "update a committed",
      "quiet",
      "apply c.ts",
      "update c committed",
      "quiet",
    ]);
  });

  test("it is quiet only when the slowest update has ended", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "2");
    const release = hold(project);
    const asked = project.ask("a");
    await project.clock.pass(1_000);
    expect(project.takeLog()).toEqual(["apply a.ts"]);
    release();
    await asked;
    await project.clock.pass(150);
    expect(project.takeLog()).toEqual(["update a committed", "quiet"]);
  });

  test("an entry that cannot be part of the one commit is found broken alone", async () => {
    const project = await start(["a", "b", "c"]);
    project.disk.write("lib.ts", "2");
    project.disk.write("b.ts", "!bad");
    project.loop.noteEvent("lib.ts");
    await project.clock.pass(500);
    expect(project.takeLog()).toEqual([
      "apply lib.ts",
      "apply b.ts",
      "update a,b failed",
      "update a committed",
      "update b failed",
      "broken b !bad 0",
      "quiet",
    ]);
    expect(await project.ask("a")).toBe("1+2");
  });

  test("a closed loop has no timers left, and starts none", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "?later");
    project.loop.noteEvent("a.ts");
    await project.ask("a");
    project.loop.close();
    expect(project.clock.waiting).toBe(0);
    project.loop.noteEvent("a.ts");
    project.disk.write("a.ts", "2");
    await project.ask("a");
    expect(project.clock.waiting).toBe(0);
  });
});

describe("failures that may pass", () => {
  test("are tried again with pauses that double, and healed without a request", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "?flaky");
    project.failuresLeft = 3;
    expect(await project.ask("a")).toBe("?flaky");
    await project.clock.pass(49);
    expect(project.takeLog().filter((line) => line.startsWith("retry"))).toEqual([]);
    await project.clock.pass(14);
    expect(project.takeLog()).toEqual(["retry a failed"]);
    await project.clock.pass(99);
    await project.clock.pass(27);
    expect(project.takeLog().filter((line) => line.startsWith("retry"))).toEqual(["retry a failed"]);
    await project.clock.pass(251);
    const healed = project.takeLog();
    expect(healed).toContain("retry a committed");
    expect(healed.filter((line) => line === "recovered a")).toHaveLength(1);
    expect(project.loop.ready("a")).toEqual({ status: "ready" });
  });

  test("end after maxRetries, and say how often they were tried", async () => {
    const project = await start(["a"], { maxRetries: 2 });
    project.disk.write("a.ts", "?never");
    await project.ask("a");
    await project.clock.pass(60_000);
    expect(project.takeLog().filter((line) => !line.startsWith("quiet"))).toEqual([
      "apply a.ts",
      "update a failed",
      "broken a ?never 0",
      "retry a failed",
      "retry a failed",
      "broken a ?never 2",
    ]);
    expect(project.clock.waiting).toBe(0);
  });

  test("are tried again by whoever meets them, once a second and without end", async () => {
    const project = await start(["a"], { maxRetries: 1 });
    project.disk.write("a.ts", "?down");
    await project.ask("a");
    await project.clock.pass(1_500);
    project.takeLog();
    for (let second = 0; second < 20; second++) {
      await Promise.all([project.ask("a"), project.ask("a")]);
      await project.ask("a");
      await project.clock.pass(1_000);
    }
    expect(project.takeLog()).toEqual(Array.from({ length: 20 }, () => "retry a failed"));
    project.failuresLeft = 0;
    expect(await Promise.all([project.ask("a"), project.ask("a")])).toEqual(["?down+1", "?down+1"]);
    expect(project.takeLog().filter((line) => line !== "quiet")).toEqual([
      "retry a committed",
      "recovered a",
    ]);
  });

  test("keep who meets them waiting for a second at most", async () => {
    const project = await start(["a"], { maxRetries: 0 });
    project.disk.write("a.ts", "?down");
    await project.ask("a");
    await project.clock.pass(1_500);
    project.failuresLeft = 0;
    const release = hold(project);
    let answer: string | undefined;
    const asked = project.ask("a").then((text) => (answer = text));
    await project.clock.pass(999);
    expect(answer).toBeUndefined();
    await project.clock.pass(1);
    expect(await asked).toBe("?down");
    release();
    await settle();
    expect(await project.ask("a")).toBe("?down+1");
  });

  test("that cannot pass are not tried again, whoever meets them", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "!syntax");
    await project.ask("a");
    await project.clock.pass(60_000);
    await project.ask("a");
    expect(project.takeLog().filter((line) => line.startsWith("retry"))).toEqual([]);
  });

  test("that cannot pass are not tried again", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "!syntax");
    await project.ask("a");
    await project.clock.pass(60_000);
    expect(project.takeLog().filter((line) => line.startsWith("retry"))).toEqual([]);
  });

  test("are not tried again once an edit has mended them", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "?flaky");
    await project.ask("a");
    project.disk.time += 50;
    project.disk.write("a.ts", "2");
    expect(await project.ask("a")).toBe("2+1");
    await project.clock.pass(60_000);
    expect(project.takeLog().filter((line) => line.startsWith("retry"))).toEqual([]);
  });

  test("of an entry that goes while it is brought up to date are forgotten with it", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "?flaky");
    const release = hold(project);
    const asked = project.ask("a");
    await settle();
    project.loop.forget("a");
    release();
    expect(await asked).toBe("?flaky");
    await project.clock.pass(60_000);
    expect(project.loop.readinessOf("a")).toBeUndefined();
    expect(project.takeLog().filter((line) => line.startsWith("retry"))).toEqual([]);
  });

  test("of an entry that is gone are not tried again", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "?flaky");
    await project.ask("a");
    project.loop.forget("a");
    await project.clock.pass(60_000);
    expect(project.takeLog().filter((line) => line.startsWith("retry"))).toEqual([]);
  });
});

describe("settling", () => {
  test("makes everything live that was saved, in one commit, and nothing that nobody asked for", async () => {
    const project = await start(["a", "b"]);
    project.disk.write("a.ts", "2");
    project.disk.write("lib.ts", "2");
    project.disk.write("c.ts", "2");
    await project.loop.settle();
    expect(project.takeLog()).toEqual(["apply a.ts,lib.ts", "update a,b committed"]);
    expect([await project.ask("a"), await project.ask("b")]).toEqual(["2+2", "1+2"]);
  });

  test("waits for what is under way, and for what is saved meanwhile", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "2");
    const release = hold(project);
    const asked = project.ask("a");
    await settle();
    project.disk.time += 50;
    project.disk.write("a.ts", "3");
    let isSettled = false;
    const settling = project.loop.settle().then(() => (isSettled = true));
    await settle();
    expect(isSettled).toBe(false);
    release();
    await Promise.all([asked, settling]);
    project.takeLog();
    expect(await project.ask("a")).toBe("3+1");
    expect(project.takeLog()).toEqual([]);
  });

  test("ends when nothing is left to be tried again", async () => {
    const project = await start(["a"]);
    project.disk.write("a.ts", "?");
    let isSettled = false;
    void project.loop.settle().then(() => (isSettled = true));
    await project.clock.pass(70);
    expect([isSettled, project.takeLog().includes("retry a failed")]).toEqual([false, true]);
    await project.clock.pass(1_000);
    expect([isSettled, project.loop.readinessOf("a")?.status]).toEqual([true, "broken"]);
  });

  test("of a loop in which nothing has changed looks, and does nothing", async () => {
    const project = await start(["a", "b"]);
    await project.loop.settle();
    expect(project.takeLog().filter((line) => line !== "quiet")).toEqual([]);
  });
});
