import { describe, expect, test } from "vitest";
import { createStatefulHandler, createStore } from "../../src/state/index.ts";
import { fakeHost, useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

const MODULE = "pages/api/counter.ts";

/** The code of a module whose handler has this initial state. */
function handlerWith<State extends object>(initial: State) {
  return () => createStatefulHandler(initial, {}, { id: "counter" });
}

describe("an edit of the initial state", () => {
  type Handler = { getState(): Record<string, unknown>; setState(partial: object): unknown };
  const set =
    (partial: object) =>
    (handler: Handler): void =>
      void handler.setState(partial);

  test.each<[string, object, (handler: Handler) => void, object, object]>([
    [
      "a key added to the initial state by an edit appears",
      { a: 1 },
      set({ a: 5 }),
      { a: 1, b: 2 },
      { a: 5, b: 2 },
    ],
    [
      "a changed default shows where the value was never changed",
      { a: 1, b: 1 },
      set({ b: 5 }),
      { a: 2, b: 2 },
      { a: 2, b: 5 },
    ],
    [
      "a value that was set keeps even if it was set to the old default",
      { a: 1 },
      (h) => {
        h.setState({ a: 2 });
        h.setState({ a: 1 });
      },
      { a: 9 },
      { a: 1 },
    ],
    [
      "a value that was written back unchanged counts as never changed",
      { a: 1, b: [0] },
      (h) => void h.setState({ ...h.getState() }),
      { a: 2, b: [9] },
      { a: 2, b: [9] },
    ],
    [
      "a value changed in place is kept",
      { list: [1] },
      (h) => void (h.getState()["list"] as number[]).push(2),
      { list: [7] },
      { list: [1, 2] },
    ],
    ["a key assigned in place is kept", { n: 0 }, (h) => void (h.getState()["n"] = 3), { n: 1 }, { n: 3 }],
    ["a removed key goes if it was never changed", { a: 1, b: 2 }, () => undefined, { a: 1 }, { a: 1 }],
    [
      "a removed key keeps its value if it was changed",
      { a: 1, b: 2 },
      set({ b: 3 }),
      { a: 1 },
      { a: 1, b: 3 },
    ],
    ["a key that requests added is kept", { a: 1 }, set({ extra: true }), { a: 1 }, { a: 1, extra: true }],
    [
      "a key that requests deleted stays deleted",
      { a: 1, b: 2 },
      (h) => void delete h.getState()["b"],
      { a: 1, b: 3 },
      { a: 1 },
    ],
    [
      "a Map that requests filled is kept",
      { m: new Map() },
      (h) => void (h.getState()["m"] as Map<string, number>).set("x", 1),
      { m: new Map([["y", 2]]) },
      { m: new Map([["x", 1]]) },
    ],
  ])("%s", (_law, before, use, after, expected) => {
    const host = fakeHost();
    use(host.edit(MODULE, handlerWith(before)) as Handler);
    expect(host.edit(MODULE, handlerWith(after)).getState()).toEqual(expected);
  });

  test("a value that was changed before one edit is kept through the next ones", () => {
    const host = fakeHost();
    host
      .edit(MODULE, handlerWith({ list: [1] }))
      .getState()
      .list.push(2);
    host.edit(MODULE, handlerWith({ list: [7] }));
    host.edit(MODULE, handlerWith({ other: 1 }));
    expect(host.edit(MODULE, handlerWith({ list: [8] })).getState()).toEqual({ list: [1, 2] });
  });

  test("what is kept is the same object, so that other code may hold it", () => {
    const host = fakeHost();
    const { users } = host.edit(MODULE, handlerWith({ users: [] as string[] })).getState();
    const next = host.edit(MODULE, handlerWith({ users: [] as string[], n: 1 }));
    users.push("ada");
    expect(next.getState().users).toEqual(["ada"]);
  });

  test("subscribers that stay hear of a default that shows", () => {
    const host = fakeHost();
    const seen: unknown[] = [];
    const handler = host.edit(MODULE, handlerWith({ a: 1 }));
    handler.onStateChange((next) => seen.push(next));
    host.edit(MODULE, handlerWith({ a: 2 }));
    expect(seen).toEqual([{ a: 2 }]);
  });

  test("resetState uses the newest initial state, also from an old handle", () => {
    const host = fakeHost();
    const old = host.edit(MODULE, handlerWith({ n: 1 }));
    old.setState({ n: 5 });
    host.edit(MODULE, handlerWith({ n: 2 }));
    expect(old.resetState()).toEqual({ n: 2 });
  });

  test("modules that share an id do not take each other's keys away", () => {
    const host = fakeHost();
    host.edit("a.ts", handlerWith({ a: 1 }));
    const b = host.edit("b.ts", handlerWith({ b: 1 }));
    host.edit("a.ts", handlerWith({ a: 2 }));
    expect(b.getState()).toEqual({ a: 2, b: 1 });
  });
});

/** Evaluates a class again, as an edit of its module does. */
function poolClass() {
  return class Pool {
    size = 1;
  };
}

function handlerWithOwnPool() {
  const Again = poolClass();
  return { Again, handler: handlerWith({ pool: new Again() })() };
}

describe("an instance of a class in the initial state", () => {
  const Pool = poolClass();

  test("is kept when the class is the same", () => {
    const host = fakeHost();
    const first = host.edit(MODULE, handlerWith({ pool: new Pool() })).getState().pool;
    expect(host.edit(MODULE, handlerWith({ pool: new Pool() })).getState().pool).toBe(first);
  });

  test("starts anew, and is named once, when its class was evaluated again", () => {
    const host = fakeHost();
    host.edit(MODULE, handlerWithOwnPool);
    host.edit(MODULE, handlerWithOwnPool).handler.setState({ pool: new (poolClass())() });
    const { Again, handler } = host.edit(MODULE, handlerWithOwnPool);
    expect(handler.getState().pool).toBeInstanceOf(Again);
    expect(host.problems.map(({ message }) => message)).toEqual([
      '[orbit] "pool" in the state of counter starts anew: it is an instance of Pool, and that class was evaluated again. Keep plain values, and make the instance from them.',
    ]);
  });
});

describe("new code that is evaluated aside", () => {
  test("sees the kept state with its own defaults; the old code does not", () => {
    const host = fakeHost();
    const old = host.edit(MODULE, handlerWith({ n: 0 }));
    old.setState({ n: 1 });
    const fresh = host.evaluate(MODULE, handlerWith({ n: 0, added: true }));
    expect(fresh.exports.getState()).toEqual({ n: 1, added: true });
    expect(old.getState()).toEqual({ n: 1 });
    fresh.goLive();
    expect(old.getState()).toEqual({ n: 1, added: true });
  });

  test("has its writes replayed on what requests wrote meanwhile", () => {
    const host = fakeHost();
    const old = host.edit(MODULE, handlerWith({ n: 0, starts: 0 }));
    const fresh = host.evaluate(MODULE, () => {
      const handler = handlerWith({ n: 0, starts: 0 })();
      handler.updateState((previous) => ({ starts: previous.starts + 1 }));
      return handler;
    });
    old.setState({ n: 7, starts: 10 });
    expect(fresh.exports.getState()).toEqual({ n: 7, starts: 11 });
    expect(old.getState()).toEqual({ n: 7, starts: 10 });
    fresh.goLive();
    expect(old.getState()).toEqual({ n: 7, starts: 11 });
  });

  test("has the merge made again with what requests wrote meanwhile", () => {
    const host = fakeHost();
    const old = host.edit(MODULE, handlerWith({ theme: "dark" }));
    const fresh = host.evaluate(MODULE, handlerWith({ theme: "light" }));
    expect(fresh.exports.getState().theme).toBe("light");
    old.getState().theme = "blue";
    fresh.goLive();
    expect(fresh.exports.getState().theme).toBe("blue");
  });

  test("keeps what it read at its top level when it becomes live", () => {
    const host = fakeHost();
    host.edit(MODULE, handlerWith({ n: 0 }));
    const { handler, state } = host.edit(MODULE, () => {
      const made = handlerWith({ n: 0, tags: [] as string[] })();
      made.getState().tags.push("top level");
      return { handler: made, state: made.getState() };
    });
    expect(handler.getState()).toBe(state);
    expect(handler.getState().tags).toEqual(["top level"]);
  });

  test("does not run its updaters twice when nobody interfered", () => {
    const host = fakeHost();
    let runs = 0;
    host.edit(MODULE, () => handlerWith({ n: 0 })().updateState(() => ({ n: (runs += 1) })));
    expect(runs).toBe(1);
  });

  test("cannot stop a commit by an updater that fails the second time", () => {
    const host = fakeHost();
    const old = host.edit(MODULE, handlerWith({ n: 0 }));
    let runs = 0;
    const fresh = host.evaluate(MODULE, () =>
      handlerWith({ n: 0 })().updateState(() => {
        runs += 1;
        if (runs > 1) throw new Error("impure");
        return { n: 9 };
      }),
    );
    old.setState({ n: 1 });
    fresh.goLive();
    expect(old.getState()).toEqual({ n: 1 });
    expect(host.problems).toHaveLength(1);
  });

  test("shares a state by its id with other modules of the same transaction", () => {
    const host = fakeHost();
    const a = host.evaluate("a.ts", () => createStore("shared", 0).set(1));
    const b = host.evaluate("b.ts", () => createStore("shared", 0).get());
    expect(b.exports).toBe(1);
    a.goLive();
    b.goLive();
    expect(createStore("shared", 0).get()).toBe(1);
  });

  test("has its writes through a handle of a live module staged as well", () => {
    const host = fakeHost();
    const store = host.edit("store.ts", () => createStore("s", "old"));
    const fresh = host.evaluate("route.ts", () => [store.set("new"), store.get()]);
    expect(fresh.exports).toEqual(["new", "new"]);
    expect(store.get()).toBe("old");
    fresh.goLive();
    expect(store.get()).toBe("new");
  });
});

describe("an abandoned generation", () => {
  test("has changed () => undefined, whether by writes, defaults or in place", () => {
    const host = fakeHost();
    const old = host.edit(MODULE, handlerWith({ list: [{ n: 1 }], map: new Map([["a", 1]]), gone: 1 }));
    old.setState({ gone: 2 });
    const before = structuredClone(old.getState());
    const history = old.history();
    host
      .evaluate(MODULE, () => {
        const handler = handlerWith({ list: [{ n: 1 }], map: new Map([["a", 1]]), added: 1 })();
        const state = handler.getState();
        state.list.push({ n: 2 });
        if (state.list[0]) state.list[0].n = 9;
        state.map.clear();
        handler.setState({ added: 5 });
        handler.resetState();
      })
      .abandon();
    expect(old.getState()).toEqual(before);
    expect(old.history()).toEqual(history);
  });

  test("that defines the same state twice has changed nothing in between either", () => {
    const host = fakeHost();
    const old = host.edit(MODULE, handlerWith({ list: [1] }));
    const twice = host.evaluate(MODULE, () => {
      handlerWith({ list: [1] })()
        .getState()
        .list.push(2);
      return handlerWith({ list: [1], more: 1 })().getState();
    });
    expect(twice.exports).toEqual({ list: [1, 2], more: 1 });
    twice.abandon();
    expect(old.getState()).toEqual({ list: [1] });
  });

  test("does not take back what a request did in the meantime", () => {
    const host = fakeHost();
    const old = host.edit(MODULE, handlerWith({ list: [1] }));
    const broken = host.evaluate(MODULE, () => handlerWith({ list: [1] })().getState());
    old.getState().list.push(2);
    broken.abandon();
    expect(old.getState().list).toEqual([1, 2]);
  });

  test("that was the first leaves nothing behind", () => {
    const host = fakeHost();
    host.evaluate(MODULE, () => createStore("k", 1).set(2)).abandon();
    expect(createStore("k", 1).get()).toBe(1);
  });

  test("can write for itself, and nobody sees it", () => {
    const host = fakeHost();
    const live = host.edit(MODULE, handlerWith({ n: 0 }));
    const broken = host.evaluate(MODULE, handlerWith({ n: 0 }));
    broken.abandon();
    expect(broken.exports.setState({ n: 9 })).toEqual({ n: 9 });
    expect(live.getState()).toEqual({ n: 0 });
    broken.within(() => live.setState({ n: 8 }));
    expect(live.getState()).toEqual({ n: 0 });
  });

  test("leaves the writes of another pending generation alone", () => {
    const host = fakeHost();
    const store = host.edit("store.ts", () => createStore("s", [] as string[]));
    const one = host.evaluate("one.ts", () => store.update((all) => [...all, "one"]));
    const two = host.evaluate("two.ts", () => store.update((all) => [...all, "two"]));
    one.abandon();
    two.goLive();
    expect(store.get()).toEqual(["two"]);
  });
});

/** The code of a module that notes each state of its handler. */
function subscribed(seen: number[]) {
  return () => {
    const handler = handlerWith({ n: 0 })();
    handler.onStateChange((next) => seen.push(next.n));
    return handler;
  };
}

describe("a subscription made while a module is evaluated", () => {
  test("begins when its generation is live", () => {
    const host = fakeHost();
    const seen: number[] = [];
    const old = host.edit(MODULE, handlerWith({ n: 0 }));
    const fresh = host.evaluate(MODULE, subscribed(seen));
    old.setState({ n: 1 });
    fresh.goLive();
    old.setState({ n: 2 });
    expect(seen).toEqual([2]);
  });

  test("ends with its generation", () => {
    const host = fakeHost();
    const seen: number[] = [];
    host.edit(MODULE, subscribed(seen));
    const handler = host.edit(MODULE, subscribed(seen));
    handler.setState({ n: 1 });
    expect(seen).toEqual([1]);
  });

  test("never begins when its generation is abandoned", () => {
    const host = fakeHost();
    const seen: number[] = [];
    const handler = host.edit(MODULE, handlerWith({ n: 0 }));
    host.evaluate(MODULE, subscribed(seen)).abandon();
    handler.setState({ n: 1 });
    expect(seen).toEqual([]);
  });
});

describe("with preserveState: false", () => {
  const anew = { preserveState: false };

  test("a state starts anew when its module is evaluated again", () => {
    const host = fakeHost();
    const old = host.edit(MODULE, handlerWith({ n: 0 }), anew);
    old.setState({ n: 5 });
    const fresh = host.evaluate(MODULE, handlerWith({ n: 0 }), anew);
    expect(fresh.exports.getState()).toEqual({ n: 0 });
    expect(old.getState()).toEqual({ n: 5 });
    fresh.goLive();
    expect(old.getState()).toEqual({ n: 0 });
  });

  test("a state stays when another module that uses it is evaluated for the first time", () => {
    const host = fakeHost();
    host.edit("a.ts", () => createStore("s", 0), anew).set(5);
    expect(host.edit("b.ts", () => createStore("s", 0), anew).get()).toBe(5);
  });
});
