import { expect, test } from "vitest";
import type { BuildTool } from "../../src/build/build-tool.ts";
import { checkFirst } from "../../src/build/check-first.ts";
import type { Diagnostic } from "../../src/protocol/build.ts";
import { openEnd } from "./fake-build.ts";
import { FakeClock, settle } from "../reload/support/fake-clock.ts";

const ERROR: Diagnostic = { level: "error", message: "It does not fit." };

/** A cargo whose builds keep others waiting, and whose checks take their time. */
class FakeCargo {
  readonly clock = new FakeClock();
  readonly ran: string[] = [];
  waitMs = 1_500;
  checkMs = 500;
  isBroken = false;
  /** What a check says that does not know an argument. */
  isCheckOfNoUse = false;
  #stop: () => void = () => undefined;
  readonly tool: BuildTool;

  constructor() {
    this.tool = checkFirst({
      build: this.#program("build", () => 2_000),
      check: this.#program("check", () => this.checkMs),
      crateOf: (file) => file.split("/")[0] ?? "",
      clock: this.clock,
    });
  }

  /** Build to the end; returns what has run, and how it has ended. */
  async save(...files: string[]): Promise<string> {
    this.ran.length = 0;
    const { ended } = this.tool.start(() => undefined, files);
    await this.clock.pass(100_000);
    const { isOk } = await ended;
    return `${this.ran.join(" ")}: ${isOk ? "ok" : "failed"}`;
  }

  #program(name: string, ms: () => number): BuildTool {
    return {
      name,
      start: () => {
        this.ran.push(name);
        const isOk = !this.isBroken && !(name === "check" && this.isCheckOfNoUse);
        const diagnostics = this.isBroken ? [ERROR] : [];
        const { ended, end } = openEnd();
        this.clock.after(ms(), () => end({ isOk, diagnostics, output: "", waitMs: this.waitMs }));
        this.#stop = () => end({ isOk: false, diagnostics: [], output: "" });
        return { ended, stop: () => this.#stop() };
      },
    };
  }
}

test("a crate that has kept others waiting for over a second is checked first, and a check that fails is the answer", async () => {
  const cargo = new FakeCargo();
  expect(await cargo.save("lib/a.rs")).toBe("build: ok");
  expect(await cargo.save("lib/a.rs")).toBe("check build: ok");
  cargo.isBroken = true;
  expect(await cargo.save("lib/a.rs")).toBe("check: failed");
  // What nobody waits for says as soon by itself what is wrong.
  expect(await cargo.save("app/main.rs")).toBe("build: failed");
});

test("a crate that keeps nobody waiting is not checked", async () => {
  const cargo = new FakeCargo();
  cargo.waitMs = 900;
  await cargo.save("lib/a.rs");
  expect(await cargo.save("lib/a.rs")).toBe("build: ok");
});

test("a crate is checked for as long as that has been the faster one; the first check counts for nothing", async () => {
  const cargo = new FakeCargo();
  await cargo.save("lib/a.rs");
  cargo.checkMs = 60_000;
  expect(await cargo.save("lib/a.rs")).toBe("check build: ok");
  cargo.checkMs = 1_400;
  expect(await cargo.save("lib/a.rs")).toBe("check build: ok");
  cargo.checkMs = 1_600;
  expect(await cargo.save("lib/a.rs")).toBe("check build: ok");
  expect(await cargo.save("lib/a.rs")).toBe("build: ok");
});

test("the last builds decide, not one of them", async () => {
  const cargo = new FakeCargo();
  for (const waitMs of [200, 1_500, 200]) {
    cargo.waitMs = waitMs;
    expect(await cargo.save("lib/a.rs")).toMatch(/build: ok$/);
  }
  expect(await cargo.save("lib/a.rs")).toBe("build: ok");
});

test("a check that fails for another reason than the sources is followed by the build", async () => {
  const cargo = new FakeCargo();
  await cargo.save("lib/a.rs");
  cargo.isCheckOfNoUse = true;
  expect(await cargo.save("lib/a.rs")).toBe("check build: ok");
});

test("whoever ends it while it is checked ends it", async () => {
  const cargo = new FakeCargo();
  await cargo.save("lib/a.rs");
  cargo.ran.length = 0;
  const running = cargo.tool.start(() => undefined, ["lib/a.rs"]);
  running.stop();
  await settle();
  expect((await running.ended).isOk).toBe(false);
  await cargo.clock.pass(100_000);
  expect(cargo.ran).toEqual(["check"]);
});
