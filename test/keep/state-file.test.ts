import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  createCache,
  createRateLimit,
  createStatefulHandler,
  createStore,
  globalStateManager,
} from "../../src/state/index.ts";
import { openStateDisk } from "../../src/keep/state-disk.ts";
import type { StateDisk } from "../../src/keep/state-disk.ts";
import { openStateFile } from "../../src/keep/state-file.ts";
import type { NamedValue, StateFile, StateFileInit } from "../../src/keep/state-file.ts";
import { writeContent } from "../../src/keep/state-lines.ts";
import type { StoredValue } from "../../src/keep/state-lines.ts";
import { FakeClock } from "../reload/support/fake-clock.ts";
import { createSignal } from "../vite/support/signal.ts";
import { emptyRegistry, fakeHost, useFreshRegistry } from "../state/fake-host.ts";

useFreshRegistry();

const FOLDER = "node_modules/.cache/orbit-hmr";
const FILE = `${FOLDER}/state-1.json`;
const DAY_MS = 86_400_000;

/** The folder of a project, with a `node_modules`. */
function createRoot(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "orbit-state-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  mkdirSync(join(root, "node_modules"));
  return root;
}

interface Opened {
  readonly file: StateFile;
  readonly said: string[];
  readonly ids: readonly string[];
  /** Ends without a word, as by kill -9. */
  readonly kill: () => void;
}

/** A new process: an empty registry and what the file brings back. */
function startProcess(root: string, init: Partial<StateFileInit> = {}): Opened {
  emptyRegistry();
  return openIn(root, init);
}

function openIn(root: string, init: Partial<StateFileInit> = {}): Opened {
  const said: string[] = [];
  const before = process.listeners("exit");
  const file = openStateFile({ root, report: (message) => said.push(message), ...init });
  const kill = (): void => {
    for (const listener of process.listeners("exit"))
      if (!before.includes(listener)) process.off("exit", listener);
  };
  onTestFinished(kill);
  const { ids } = file.restore();
  return { file, said, ids, kill };
}

function contentOf(root: string): string {
  return readFileSync(join(root, FILE), "utf8");
}

describe("the next process", () => {
  test("has all explicit state, whatever it is made of", () => {
    const root = createRoot();
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const value = {
      map: new Map([["a", new Set([1n])]]),
      bytes: new Uint8Array([1, 2]),
      nothing: undefined,
      at: new Date(5),
      url: new URL("https://example.org/"),
      holes: [1, , 3], // oxlint-disable-line no-sparse-arrays -- that they survive is the point
      own: JSON.parse('{"__proto__":{"polluted":1}}') as object,
      bare: Object.assign(Object.create(null) as object, { a: 1 }),
      cyclic,
    };
    const first = startProcess(root);
    createStore<unknown>("all", null).set(value);
    createStatefulHandler({ n: 0 }, {}, { id: "pages/api/a.ts:handler" }).setState({ n: 5 });
    createCache("c").set("k", [1], Infinity);
    createRateLimit("l", 2).check("ada");
    first.file.close();

    const second = startProcess(root);
    expect(second.ids).toEqual(["store:all", "handler:pages/api/a.ts:handler", "cache:c", "rate-limit:l"]);
    const kept = createStore<typeof value>("all", {} as typeof value).get();
    expect(kept).toEqual(value);
    expect(Object.getPrototypeOf(kept.bare)).toBeNull();
    expect(1 in kept.holes).toBe(false);
    expect(kept.cyclic.self).toBe(kept.cyclic);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(createStatefulHandler({ n: 0 }, {}, { id: "pages/api/a.ts:handler" }).getState()).toEqual({
      n: 5,
    });
    expect(createCache("c").get("k")).toEqual([1]);
    expect(createRateLimit("l", 2).check("ada").remaining).toBe(0);
    expect([...first.said, ...second.said]).toEqual([]);
    second.file.close();
  });

  test("sees a default that was edited in between, where nobody had changed the value", () => {
    const root = createRoot();
    const first = startProcess(root);
    createStatefulHandler({ a: 1, b: 1, gone: 1 }, {}, { id: "h" }).setState({ b: 2 });
    const store = createStore("deleted", 1);
    store.delete();
    first.file.close();
    const second = startProcess(root);
    expect(createStatefulHandler({ a: 9, b: 9, fresh: 9 }, {}, { id: "h" }).getState()).toEqual({
      a: 9,
      b: 2,
      fresh: 9,
    });
    expect(createStore("deleted", 1).has()).toBe(false);
    second.file.close();
  });

  test("gets its state through migrate", () => {
    const root = createRoot();
    const first = startProcess(root);
    createStore("v", 1, { version: 3 }).set(20);
    first.file.close();
    const second = startProcess(root);
    const store = createStore("v", "", { version: 4, migrate: (old, from) => `${String(old)} of ${from}` });
    expect(store.get()).toBe("20 of 3");
    second.file.close();
  });

  test("keeps a value aside that migrate could not take, until one can", () => {
    const root = createRoot();
    const first = startProcess(root);
    createStore("v", 1).set(20);
    first.file.close();
    const second = startProcess(root);
    const host = fakeHost();
    expect(host.edit("m.ts", () => createStore("v", 0, { version: 2, migrate: fail })).get()).toBe(0);
    expect(host.problems).toHaveLength(1);
    second.file.close();
    const third = startProcess(root);
    expect(createStore("v", 0, { version: 2, migrate: (old) => Number(old) + 1 }).get()).toBe(21);
    third.file.close();
  });

  test("gets the state also where code is evaluated aside first, and keeps it when that code never becomes live", () => {
    const root = createRoot();
    const first = startProcess(root);
    createStore("s", 1).set(2);
    first.file.close();
    const second = startProcess(root);
    const host = fakeHost();
    const generation = host.evaluate("m.ts", () => createStore("s", 1));
    expect(generation.exports.get()).toBe(2);
    generation.abandon();
    expect(host.edit("m.ts", () => createStore("s", 1)).get()).toBe(2);
    second.file.close();
  });

  test("starts clean when it is told to, and its own state is kept", () => {
    const root = createRoot();
    const first = startProcess(root);
    createStore("s", 1).set(2);
    first.file.close();
    const clean = startProcess(root, { isClean: true });
    expect([clean.ids, createStore("s", 1).get()]).toEqual([[], 1]);
    createStore("s", 1).set(3);
    clean.file.close();
    const third = startProcess(root);
    expect(createStore("s", 1).get()).toBe(3);
    third.file.close();
  });

  test("does not get back what was cleared, loaded or not", () => {
    const root = createRoot();
    const first = startProcess(root);
    createStore("a", 1).set(2);
    createStore("b", 1).set(2);
    first.file.close();
    const second = startProcess(root);
    createStore("a", 1);
    globalStateManager.clear();
    second.file.close();
    const third = startProcess(root);
    expect([third.ids, createStore("b", 1).get()]).toEqual([[], 1]);
    third.file.close();
  });

  test("does not get what is not to survive new code", () => {
    const root = createRoot();
    const first = startProcess(root);
    const host = fakeHost();
    host.edit("m.ts", () => createStore("s", 1).set(2), { preserveState: false });
    createStatefulHandler({ secret: 1 }).setState({ secret: 2 });
    first.file.close();
    expect(startProcess(root).ids).toEqual([]);
  });

  test("keeps what nobody loads for 14 days, and no longer", () => {
    const root = createRoot();
    let day = 20_000;
    const now = (): number => day * DAY_MS;
    const first = startProcess(root, { now });
    createStore("old", 1).set(2);
    first.file.close();
    for (const [after, expected] of [
      [14, ["store:old", "store:new 14"]],
      [1, ["store:new 14", "store:new 1"]],
    ] as const) {
      day += after;
      const next = startProcess(root, { now });
      createStore(`new ${after}`, 1);
      next.file.close();
      expect(startProcess(root, { now }).ids).toEqual(expected);
    }
  });
});

describe("writing", () => {
  test("happens soon after a change, also one in place, and not without one", async () => {
    const root = createRoot();
    const clock = new FakeClock();
    const { file } = startProcess(root, { clock, now: () => clock.now });
    const store = createStore("s", { list: [1] });
    await writtenAfter(clock, 100, root, "[1]");
    const { list } = store.get();
    store.get().list.push(2);
    await writtenAfter(clock, 100, root, '["array",1,2]');
    list.push(3);
    file.touched();
    await writtenAfter(clock, 100, root, '["array",1,2,3]');
    const { mtimeNs } = statSync(join(root, FILE), { bigint: true });
    store.get();
    await clock.pass(1_000);
    expect(statSync(join(root, FILE), { bigint: true }).mtimeNs).toBe(mtimeNs);
    expect(clock.waiting).toBe(0);
    file.close();
  });

  test("happens at once on flush and on exit, and a write that was under way does not undo it", async () => {
    const root = createRoot();
    const disk = heldBack(openStateDisk(root));
    const clock = new FakeClock();
    const { file } = startProcess(root, { disk, clock, now: () => clock.now });
    const store = createStore("s", "older");
    await clock.pass(100);
    store.set("newer");
    file.flush();
    expect(contentOf(root)).toContain("newer");
    await disk.release();
    expect(contentOf(root)).toContain("newer");
    store.set("last");
    process.listeners("exit").at(-1)?.(0);
    expect(contentOf(root)).toContain("last");
    file.close();
  });

  test("that is under way at the exit is done again, for nobody will finish it", async () => {
    const root = createRoot();
    const disk = heldBack(openStateDisk(root));
    const clock = new FakeClock();
    const { file } = startProcess(root, { disk, clock, now: () => clock.now });
    createStore("s", "only");
    await clock.pass(100);
    expect(existsSync(join(root, FILE))).toBe(false);
    file.flush();
    expect(contentOf(root)).toContain("only");
    await disk.release();
    file.close();
  });

  test("makes a file that only its user can read, and leaves no other behind", () => {
    const root = createRoot();
    const { file } = startProcess(root);
    createStore("s", 1).set(2);
    file.close();
    expect(statSync(join(root, FILE)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(root, FOLDER))).toEqual(["state-1.json"]);
  });

  test("keeps no process alive", () => {
    const root = createRoot();
    const program = `
      const { openStateFile } = await import(${JSON.stringify(resolve(import.meta.dirname, "../../build/keep/state-file.js"))});
      const { createStore } = await import(${JSON.stringify(resolve(import.meta.dirname, "../../build/state/index.js"))});
      openStateFile({ root: ${JSON.stringify(root)}, report: console.error }).restore();
      createStore("s", 1).set("from the exit");`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      timeout: 20_000,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(contentOf(root)).toContain("from the exit");
  });
});

describe("what cannot be kept", () => {
  test("is named once, and the rest is kept", () => {
    const root = createRoot();
    const { file, said } = startProcess(root);
    const sessions = createStore("sessions", new Map<string, object>());
    sessions.get().set("ada", { connect: () => 1, name: "Ada" });
    file.flush();
    sessions.get().set("bob", { connect: () => 1, name: "Bob" });
    file.close();
    expect(said).toEqual([
      '[orbit] Not kept over restarts: store "sessions".value.ada.connect (a function).',
    ]);
    const second = startProcess(root);
    expect(createStore("sessions", new Map()).get()).toEqual(
      new Map([
        ["ada", { name: "Ada" }],
        ["bob", { name: "Bob" }],
      ]),
    );
    second.file.close();
  });

  test("is the largest value, when all together are too large", () => {
    const root = createRoot();
    const { file, said } = startProcess(root, { maxLength: 2 ** 20 });
    createStore("small", "x");
    createStore("large", "x".repeat(700_000));
    createStore("middle", "x".repeat(600_000));
    createStore("huge", "x".repeat(2_000_000));
    file.close();
    expect(said).toEqual([
      '[orbit] Not kept over restarts: store "huge", because all state together is larger than 1 MB.',
      '[orbit] Not kept over restarts: store "large", because all state together is larger than 1 MB.',
    ]);
    expect(startProcess(root).ids).toEqual(["store:small", "store:middle"]);
  });

  test("is one value that is wrong in a file that is whole: the others are there", () => {
    const root = createRoot();
    const values = new Map([
      ["store:hostile", stored('[[1],["eval","process.exit(1)"]]')],
      ["store:formless", stored('[[1],["object","kind","store"]]')],
      ["cell:m.ts", stored('[[1],["object","signature","1","value",2]]')],
    ]);
    mkdirSync(join(root, FOLDER), { recursive: true });
    writeFileSync(join(root, FILE), writeContent({ savedAt: 0, values }, root));
    const { file, said } = startProcess(root, { now: () => 0 });
    expect([createStore("hostile", 1).get(), createStore("formless", 1).get()]).toEqual([1, 1]);
    expect(file.recall("m.ts", "1")).toEqual({ value: 2 });
    expect(said).toEqual([
      '[orbit] store "hostile" starts anew: what was stored of it cannot be read (a node of an unknown kind).',
      '[orbit] store "formless" starts anew: what was stored of it has a wrong form.',
    ]);
    file.close();
  });
});

describe("a file that is not ours, or not whole", () => {
  test.each<[string, string, (text: string) => string]>([
    ["cut off", "is damaged", (text) => text.slice(0, -3)],
    ["cut off in the first line", "is not a state file of this version", (text) => text.slice(0, 20)],
    ["empty", "is not a state file of this version", () => ""],
    ["garbled", "is damaged", (text) => text.replace('"store:s"', '"store:t"')],
    ["binary", "is not a state file of this version", () => "\\0\\1\\2"],
    [
      "of another version",
      "is not a state file of this version",
      (text) => text.replace('"schema":1', '"schema":2'),
    ],
    [
      "of another project",
      "belongs to another project",
      (text) => text.replace(/"root":"[^"]*"/, '"root":"/elsewhere"'),
    ],
  ])("is moved aside and said once: %s", (_what, reason, change) => {
    const { root, file, said, ids } = withFile(change);
    const aside = `${FOLDER}/state-1.unreadable-1970-01-01T00-00-00-000Z.json`;
    expect(ids).toEqual([]);
    expect(said).toEqual([`[orbit] State starts anew: ${FILE} ${reason}. It was moved to ${aside}.`]);
    expect(existsSync(join(root, aside))).toBe(true);
    expect(createStore("s", 1).get()).toBe(1);
    file.close();
    expect([said.length, startProcess(root, { now: () => 0 }).ids]).toEqual([1, ["store:s"]]);
  });

  test("is moved aside when it is no file at all", () => {
    const root = createRoot();
    mkdirSync(join(root, FILE), { recursive: true });
    const { said, file } = startProcess(root);
    createStore("s", 1).set(2);
    file.close();
    expect(said).toEqual([expect.stringContaining("cannot be read")]);
    expect(startProcess(root).ids).toEqual(["store:s"]);
  });
});

describe("a disk that refuses", () => {
  test("is said once, and state lives on in memory", async () => {
    const root = createRoot();
    const disk = openStateDisk(root);
    let isFull = true;
    const clock = new FakeClock();
    const { file, said } = startProcess(root, {
      clock,
      now: () => clock.now,
      disk: {
        ...disk,
        name: FILE,
        write: async (text, isWanted) =>
          isFull ? failWith("ENOSPC: no space left on device") : disk.write(text, isWanted),
        writeNow: (text) => (isFull ? failWith("ENOSPC: no space left on device") : disk.writeNow(text)),
      },
    });
    const store = createStore("s", 1);
    for (let value = 0; value < 5; value++) {
      store.set(value);
      await clock.pass(6_000);
    }
    expect(said).toEqual([
      `[orbit] State is not kept over restarts: ${FILE} cannot be used (ENOSPC: no space left on device).`,
    ]);
    isFull = false;
    store.set("mended" as never);
    file.close();
    expect(contentOf(root)).toContain("mended");
  });

  test("leaves the old file as it was, and no half one", () => {
    const root = createRoot();
    const first = startProcess(root);
    createStore("s", 1).set("old" as never);
    first.file.close();
    const before = contentOf(root);
    const second = startProcess(root);
    createStore("s", 1).set("new" as never);
    // A folder in the place of the file: renaming onto it fails, as on a disk that has become read-only.
    rmSync(join(root, FILE));
    mkdirSync(join(root, FILE, "in the way"), { recursive: true });
    writeFileSync(join(root, FILE, "in the way", "file"), before);
    expect(() => second.file.flush()).not.toThrow();
    expect(readdirSync(join(root, FOLDER)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    second.kill();
  });

  test("is passed over for the next place", () => {
    const root = createRoot();
    writeFileSync(join(root, "node_modules/.cache"), "not a folder");
    const first = startProcess(root);
    createStore("s", 1).set(2);
    first.file.close();
    expect(readdirSync(join(root, ".orbit-hmr")).toSorted()).toEqual([".gitignore", "state-1.json"]);
    expect(startProcess(root).ids).toEqual(["store:s"]);
  });

  test("with nowhere to write is said once", () => {
    const root = createRoot();
    writeFileSync(join(root, "node_modules/.cache"), "");
    writeFileSync(join(root, ".orbit-hmr"), "");
    const { file, said } = startProcess(root);
    const store = createStore("s", 1);
    file.flush();
    store.set(2);
    file.close();
    expect(said).toEqual([
      expect.stringMatching(/^\[orbit\] State is not kept over restarts: .* cannot be used/),
    ]);
  });
});

test("a project whose node_modules is a link to another one's has its state beside it", () => {
  const [root, other] = [createRoot(), createRoot()];
  rmSync(join(root, "node_modules"), { recursive: true });
  symlinkSync(join(other, "node_modules"), join(root, "node_modules"));
  const { file } = startProcess(root);
  createStore("s", 1).set(2);
  file.close();
  expect(readFileSync(join(root, ".orbit-hmr/.gitignore"), "utf8")).toBe("*\n");
  expect(readdirSync(join(other, "node_modules"))).toEqual([]);
  expect(startProcess(root).ids).toEqual(["store:s"]);
});

describe("two servers of one project", () => {
  test("keep both of what each of them changes", () => {
    const root = createRoot();
    const one = startProcess(root);
    let shared = "start";
    one.file.provide(() => [cell("shared", shared), cell("one", 1)]);
    one.file.flush();
    const two = openIn(root);
    two.file.provide(() => [cell("shared", "start"), cell("two", 2)]);
    two.file.flush();
    shared = "changed by one";
    one.file.flush();
    // Its copy is older, and it has not changed it.
    two.file.provide(() => [cell("more", 3)]);
    two.file.flush();
    one.kill();
    two.kill();
    const { file } = startProcess(root);
    const kept = ["shared", "one", "two", "more"].map((name) => file.recall(name, "1")?.value);
    expect(kept).toEqual(["changed by one", 1, 2, 3]);
    file.close();
  });

  test("never leave a torn file, however their writes meet", async () => {
    const root = createRoot();
    const servers = [startProcess(root), openIn(root), openIn(root)];
    const counts = [0, 0, 0];
    servers.forEach(({ file }, index) => file.provide(() => [cell(`${index}`, counts[index])]));
    const disks = servers.map(() => openStateDisk(root));
    for (let round = 0; round < 50; round++) {
      await Promise.all(
        servers.map(async ({ file }, index) => {
          counts[index] = round;
          file.flush();
          const text = contentOf(root);
          await disks[index]?.write(text, () => true);
        }),
      );
    }
    for (const { file } of servers) file.close();
    expect(servers.flatMap(({ said }) => said)).toEqual([]);
    const { file, said } = startProcess(root);
    expect([0, 1, 2].map((index) => file.recall(`${index}`, "1")?.value)).toEqual([49, 49, 49]);
    expect(said).toEqual([]);
    file.close();
  });
});

describe("values beside explicit state", () => {
  test("come back for the code they belong to, and for no other", () => {
    const root = createRoot();
    const first = startProcess(root);
    const sessions = new Map([["ada", { n: 1 }]]);
    first.file.provide(() => [{ name: "pages/api/a.ts", signature: "new Map()", value: { sessions } }]);
    sessions.set("bob", { n: 2 });
    first.file.close();
    const second = startProcess(root);
    expect(second.ids).toEqual(["cell:pages/api/a.ts"]);
    expect(second.file.recall("pages/api/a.ts", "new Map()")).toEqual({ value: { sessions } });
    expect(second.file.recall("pages/api/a.ts", "[]")).toBeUndefined();
    expect(second.file.recall("pages/api/b.ts", "new Map()")).toBeUndefined();
    second.file.close();
  });

  test("are forgotten when they are no longer given, and kept while their code is not loaded", () => {
    const root = createRoot();
    const first = startProcess(root);
    let names = ["gone", "stays"];
    first.file.provide(() => names.map((name) => ({ name, signature: "", value: name })));
    first.file.flush();
    names = ["stays"];
    first.file.close();
    expect(startProcess(root).ids).toEqual(["cell:stays"]);
    const second = startProcess(root);
    second.file.touched();
    second.file.close();
    expect(startProcess(root).ids).toEqual(["cell:stays"]);
  });
});

/** Passes time, again and again, the file contains a text. */
async function writtenAfter(clock: FakeClock, ms: number, root: string, text: string): Promise<void> {
  const isWritten = async (): Promise<void> => {
    await clock.pass(ms);
    expect(contentOf(root)).toContain(text);
  };
  await vi.waitFor(isWritten, { timeout: 5_000, interval: 5 });
  // The write has to be over before the next one is planned.
  await vi.waitFor(() => expect(readdirSync(join(root, FOLDER))).toEqual(["state-1.json"]));
  await new Promise((next) => setImmediate(next));
}

/** A disk whose slow writes wait for `release`. */
function heldBack(disk: StateDisk): StateDisk & { readonly release: () => Promise<void> } {
  const gate = createSignal();
  let last: Promise<unknown> = gate.promise;
  return {
    ...disk,
    async write(text, isWanted) {
      await gate.promise;
      const written = disk.write(text, isWanted);
      last = written;
      return written;
    },
    async release() {
      gate.resolve();
      await gate.promise;
      await last;
    },
  };
}

/** A process that finds the file of an earlier one changed. */
function withFile(change: (text: string) => string): Opened & { readonly root: string } {
  const root = createRoot();
  const first = startProcess(root);
  createStore("s", 1).set(2);
  first.file.close();
  writeFileSync(join(root, FILE), change(contentOf(root)));
  return { root, ...startProcess(root, { now: () => 0 }) };
}

function cell(name: string, value: unknown): NamedValue {
  return { name, signature: "1", value };
}

function fail(): never {
  return failWith("no");
}

function failWith(message: string): never {
  throw new Error(message);
}

function stored(text: string): StoredValue {
  return { seenDay: 0, changedAt: 0, text };
}
