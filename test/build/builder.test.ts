import { expect, test } from "vitest";
import { FAILED, FakeBuild } from "./fake-build.ts";
import { settle } from "../reload/support/fake-clock.ts";

test("a burst of saves is one build, of the last", async () => {
  const build = new FakeBuild();
  await build.first();
  for (const text of ["2", "3", "4"]) {
    build.save(text);
    await build.clock.pass(30);
  }
  expect(build.runs).toHaveLength(1);
  await build.clock.pass(10);
  expect(build.runs).toHaveLength(2);
  await build.finish(100);
  expect(build.made.get("/out")).toContain("4");
  expect(build.ends).toEqual(["completed", "completed"]);
});

test("who saves all the time is not made to wait for more than 300 ms", async () => {
  const build = new FakeBuild();
  await build.first();
  for (let time = 0; time < 330; time += 30) {
    build.save(String(time));
    await build.clock.pass(30);
  }
  expect(build.runs).toHaveLength(2);
});

test("an event without a change builds nothing", async () => {
  const build = new FakeBuild();
  await build.first();
  build.builder.note();
  await build.clock.pass(1_000);
  expect(build.runs).toHaveLength(1);
  expect(build.builder.isIdle).toBe(true);
});

test("what is saved while a build runs is built next, also where nobody has told of it", async () => {
  const build = new FakeBuild();
  await build.first();
  build.save("2");
  await build.clock.pass(40);
  build.sources.set("/main", "3");
  await build.finish(90);
  expect(build.runs).toHaveLength(3);
  await build.finish(90);
  expect(build.made.get("/out")).toContain("3");
  expect(build.builder.isIdle).toBe(true);
});

test("a build is ended for a newer one while it is young, and left to end when it is not", async () => {
  const build = new FakeBuild();
  await build.first(1_000);
  build.save("2");
  await build.clock.pass(40);
  await build.clock.pass(200);
  build.save("3");
  await build.clock.pass(40);
  expect(build.ends).toEqual(["completed", "superseded"]);
  expect(build.runs.map(({ isStopped }) => isStopped)).toEqual([false, true, false]);
  await build.clock.pass(500);
  build.save("4");
  await build.clock.pass(300);
  expect(build.running.isStopped).toBe(false);
  await build.finish(100);
  await build.finish(900);
  expect(build.made.get("/out")).toContain("4");
});

test("what is saved as it was while a build is young is built again: the one that was ended may have written half of it", async () => {
  const build = new FakeBuild();
  await build.first(1_000);
  build.save("2");
  await build.clock.pass(40);
  build.save("1");
  await build.clock.pass(40);
  expect(build.ends).toEqual(["completed", "superseded"]);
  await build.finish(900);
  expect(build.ends.at(-1)).toBe("unchanged");
  expect(build.builder.isIdle).toBe(true);
});

test("what somebody saves while a build is stopped for what it writes is built", async () => {
  const build = new FakeBuild();
  build.builder.buildNow();
  for (let times = 1; times <= 3; times++) {
    build.sources.set("/made", String(times));
    if (times === 3) build.sources.set("/main", "saved meanwhile");
    await build.finish(100);
    await build.clock.pass(1_000);
  }
  await build.finish(100);
  expect(build.made.get("/out")).toContain("saved meanwhile");
});

test("an event that comes late or twice ends no build", async () => {
  const build = new FakeBuild();
  await build.first(1_000);
  build.save("2");
  await build.clock.pass(40);
  build.builder.note();
  await build.clock.pass(100);
  expect(build.running.isStopped).toBe(false);
  await build.finish(900);
  expect(build.ends).toEqual(["completed", "completed"]);
});

test("a failure of what is not there any more is none", async () => {
  const build = new FakeBuild();
  await build.first();
  build.save("broken");
  await build.clock.pass(90);
  build.sources.set("/main", "mended");
  await build.finish(50, FAILED);
  expect(build.ends).toEqual(["completed", "superseded"]);
  await build.finish(90);
  expect(build.ends.at(-1)).toBe("completed");
});

test("the same output is unchanged, also after a failure", async () => {
  const build = new FakeBuild();
  await build.first();
  build.save("other", "/beside");
  await build.clock.pass(40);
  await build.finish(90);
  expect(build.ends).toEqual(["completed", "unchanged"]);
  build.save("broken");
  await build.clock.pass(40);
  await build.finish(90, FAILED);
  build.save("1");
  await build.clock.pass(40);
  await build.finish(90);
  expect(build.ends.slice(2)).toEqual(["failed", "unchanged"]);
});

test("what a failed build has written is told with the next one that succeeds", async () => {
  const build = new FakeBuild();
  await build.first();
  build.save("broken");
  await build.clock.pass(40);
  build.made.set("/half", "x");
  await build.finish(90, FAILED);
  build.save("2");
  await build.clock.pass(40);
  await build.finish(90);
  expect(build.news.at(-1)).toMatchObject({ status: "completed", output: ["/half", "/out"] });
});

test("a build that is asked for ends the one that hangs, and builds although nothing has changed", async () => {
  const build = new FakeBuild();
  await build.first();
  build.builder.buildNow();
  await build.clock.pass(100_000);
  const hanging = build.running;
  build.builder.buildNow();
  await settle();
  expect(hanging.isStopped).toBe(true);
  await build.finish(90);
  expect(build.ends).toEqual(["completed", "superseded", "unchanged"]);
});

test("a build that writes what it is built from is stopped, with the names of the files", async () => {
  const build = new FakeBuild();
  let count = 0;
  const finishWriting = async (): Promise<void> => {
    build.sources.set("/made-a", String(++count));
    build.sources.set("/made-b", String(count));
    build.builder.note();
    await build.finish(100);
    await build.clock.pass(1_000);
  };
  build.builder.buildNow();
  for (let times = 0; times < 3; times++) await finishWriting();
  expect(build.runs).toHaveLength(3);
  expect(build.news.at(-1)).toEqual({ type: "endless", files: ["/made-a", "/made-b"] });
  await build.clock.pass(10_000);
  expect(build.runs).toHaveLength(3);
  // Everything else is built as ever.
  build.save("2");
  await build.clock.pass(40);
  expect(build.runs).toHaveLength(4);
});

test("a build that writes the same each time is built once more, and that is all", async () => {
  const build = new FakeBuild();
  build.builder.buildNow();
  build.sources.set("/made", "always");
  await build.finish(100);
  expect(build.runs).toHaveLength(2);
  await build.finish(100);
  await build.clock.pass(1_000);
  expect(build.runs).toHaveLength(2);
  expect(build.news.some(({ type }) => type === "endless")).toBe(false);
});

test("who saves the same file during each build gets the last of it", async () => {
  const build = new FakeBuild();
  await build.first();
  build.save("0");
  await build.clock.pass(40);
  for (let times = 1; times < 12; times++) {
    await build.clock.pass(60);
    build.save(String(times));
    await build.finish(40);
    await build.clock.pass(120);
    build.save(`${times} and more`);
    await build.clock.pass(60);
  }
  for (let times = 0; times < 3; times++) {
    await build.clock.pass(1_000);
    if (!build.builder.isIdle) await build.finish(100);
  }
  expect(build.builder.isIdle).toBe(true);
  expect(build.made.get("/out")).toContain("11 and more");
});

test("settled: everything saved by then is built, whether anybody has told of it or not", async () => {
  const build = new FakeBuild();
  await build.first();
  let isSettled = false;
  build.sources.set("/main", "2");
  void build.builder.settled().then(() => (isSettled = true));
  await build.clock.pass(10);
  expect(isSettled).toBe(false);
  await build.finish(50);
  expect(isSettled).toBe(true);
  await build.builder.settled();
  expect(build.runs).toHaveLength(2);
});

test("closed, it ends what runs and begins nothing", async () => {
  const build = new FakeBuild();
  await build.first();
  build.save("2");
  await build.clock.pass(40);
  const { running } = build;
  await build.builder.close();
  expect(running.isStopped).toBe(true);
  build.save("3");
  build.builder.buildNow();
  await build.clock.pass(1_000);
  expect(build.runs).toHaveLength(2);
});
