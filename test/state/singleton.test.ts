import { describe, expect, test } from "vitest";
import { createSingleton, globalStateManager } from "../../src/state/index.ts";
import { fakeHost, useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

/** A factory that counts what it opens and closes. */
function pools() {
  const closed: number[] = [];
  let opened = 0;
  const make = (key = "pool") =>
    createSingleton(key, () => ({ number: (opened += 1) }), {
      dispose: (pool) => void closed.push(pool.number),
    });
  return { make, closed, opened: () => opened };
}

describe("a singleton", () => {
  test("is made once and is the same from then on", () => {
    const { make, opened } = pools();
    expect(make()).toBe(make());
    expect(opened()).toBe(1);
  });

  test("whose factory throws is made by the next call", () => {
    expect(() =>
      createSingleton("s", () => {
        throw new Error("down");
      }),
    ).toThrow("down");
    expect(globalStateManager.keys()).toEqual([]);
    expect(createSingleton("s", () => "up")).toBe("up");
  });

  test("whose promise is rejected is made by the next call", async () => {
    await expect(createSingleton("s", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    await expect(createSingleton("s", async () => "up")).resolves.toBe("up");
    await expect(createSingleton("s", async () => "again")).resolves.toBe("up");
  });

  test("is disposed of by clear, and made again by the next call", () => {
    const { make, closed } = pools();
    make();
    globalStateManager.clear("pool");
    expect(closed).toEqual([1]);
    expect(make().number).toBe(2);
  });

  test("that is a promise is disposed of with what it resolved to", async () => {
    const closed: string[] = [];
    void createSingleton("s", async () => "client", { dispose: (client) => void closed.push(client) });
    globalStateManager.clear("s");
    await Promise.resolve();
    expect(closed).toEqual(["client"]);
  });

  test("whose dispose fails is reported", () => {
    const host = fakeHost();
    const error = new Error("stuck");
    createSingleton("s", () => 1, {
      dispose: () => {
        throw error;
      },
    });
    globalStateManager.clear();
    expect(host.problems).toEqual([{ message: '[orbit] Disposing of the singleton "s" failed.', error }]);
  });
});

describe("when code is replaced, a singleton", () => {
  test("is closed by the newest code", () => {
    const host = fakeHost();
    const closed: string[] = [];
    const code = (by: string) => () =>
      createSingleton("s", () => "client", { dispose: () => closed.push(by) });
    host.edit("m.ts", code("old"));
    host.edit("m.ts", code("new"));
    host.evaluate("m.ts", code("abandoned")).abandon();
    globalStateManager.clear("s");
    expect(closed).toEqual(["new"]);
  });

  test("whose promise was rejected before its code became live is made by the next call", async () => {
    const host = fakeHost();
    const fresh = host.evaluate("m.ts", () => createSingleton("s", () => Promise.reject(new Error("down"))));
    await expect(fresh.exports).rejects.toThrow("down");
    fresh.goLive();
    expect(createSingleton("s", () => "up")).toBe("up");
  });

  test("is the same for the new code", () => {
    const host = fakeHost();
    const { make, opened, closed } = pools();
    expect(host.edit("m.ts", () => make())).toBe(host.edit("m.ts", () => make()));
    expect([opened(), closed]).toEqual([1, []]);
  });

  test("made by abandoned code is disposed of", () => {
    const host = fakeHost();
    const { make, closed } = pools();
    host.evaluate("m.ts", () => make()).abandon();
    expect(closed).toEqual([1]);
    expect(make().number).toBe(2);
  });

  test("made by code that is not live yet is shared by the transaction, and lives if one of it does", () => {
    const host = fakeHost();
    const { make, closed } = pools();
    const one = host.evaluate("one.ts", () => make());
    const two = host.evaluate("two.ts", () => make());
    expect(one.exports).toBe(two.exports);
    one.abandon();
    two.goLive();
    expect(make()).toBe(two.exports);
    expect(closed).toEqual([]);
  });

  test("made aside and taken by a request is in use, whatever becomes of the code that made it", () => {
    const host = fakeHost();
    const { make, closed } = pools();
    const aside = host.evaluate("m.ts", () => make());
    const taken = make();
    aside.abandon();
    expect([taken, closed]).toEqual([aside.exports, []]);
    expect(make()).toBe(taken);
  });

  test("with preserveState: false starts anew, and the old one is closed with its generation", () => {
    const host = fakeHost();
    const { make, closed } = pools();
    const anew = { preserveState: false };
    const old = host.evaluate("m.ts", () => make(), anew);
    old.goLive();
    const fresh = host.evaluate("m.ts", () => make(), anew);
    fresh.goLive();
    expect([make().number, closed]).toEqual([2, []]);
    old.prune();
    expect([make().number, closed]).toEqual([2, [1]]);
  });

  test("with preserveState: false survives an edit that was abandoned", () => {
    const host = fakeHost();
    const { make, closed } = pools();
    const anew = { preserveState: false };
    host.edit("m.ts", () => make(), anew);
    host.evaluate("m.ts", () => make(), anew).abandon();
    expect([make().number, closed]).toEqual([1, [2]]);
  });
});
