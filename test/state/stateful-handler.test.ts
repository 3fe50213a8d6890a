import { describe, expect, test } from "vitest";
import { createStatefulHandler } from "../../src/state/index.ts";
import type { HandlerState } from "../../src/state/index.ts";
import { fakeClock, fakeHost, useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

describe("the state of a handler", () => {
  test("begins as a copy of the initial state", () => {
    const initial = { list: [1] };
    const first = createStatefulHandler(initial);
    const second = createStatefulHandler(initial);
    first.getState().list.push(2);
    expect(first.getState()).toEqual({ list: [1, 2] });
    expect(second.getState()).toEqual({ list: [1] });
    expect(initial).toEqual({ list: [1] });
  });

  test("setState merges and returns the new state", () => {
    const handler = createStatefulHandler({ a: 1, b: 2 });
    expect(handler.setState({ b: 3 })).toEqual({ a: 1, b: 3 });
    expect(handler.getState()).toEqual({ a: 1, b: 3 });
  });

  test("updateState merges what the updater returns, or a partial state", () => {
    const handler = createStatefulHandler({ a: 1, b: 2 });
    expect(handler.updateState((previous) => ({ a: previous.a + 1 }))).toEqual({ a: 2, b: 2 });
    expect(handler.updateState({ b: 0 })).toEqual({ a: 2, b: 0 });
  });

  test("resetState goes back to the initial state, whatever was changed in place", () => {
    const handler = createStatefulHandler({ list: [1], n: 0 });
    handler.getState().list.push(2);
    handler.setState({ n: 5 });
    expect(handler.resetState()).toEqual({ list: [1], n: 0 });
    handler.getState().list.push(3);
    expect(handler.resetState()).toEqual({ list: [1], n: 0 });
  });

  test("a key named __proto__ in a partial state changes no prototype", () => {
    const handler = createStatefulHandler<Record<string, unknown>>({ a: 1 });
    handler.setState(JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>);
    expect(handler.getState()["polluted"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("the last 100 changes are in its history, numbered from 1", () => {
    const { now, pass } = fakeClock();
    const handler = createStatefulHandler({ n: 0 }, {}, { now });
    expect(handler.history()).toEqual([]);
    for (let n = 1; n <= 103; n += 1) {
      pass(10);
      handler.setState({ n });
    }
    const history = handler.history();
    expect(history).toHaveLength(100);
    expect(history[0]).toEqual({ state: { n: 4 }, at: 1_000_040, version: 4 });
    expect(history[99]).toEqual({ state: { n: 103 }, at: 1_001_030, version: 103 });
  });
});

describe("handlers", () => {
  test("are the functions that were given", () => {
    const handlers = { GET: () => "got" };
    expect(createStatefulHandler({}, handlers).GET).toBe(handlers.GET);
  });

  test("may be made of the state, which is the handler's own", () => {
    let made = 0;
    const handler = createStatefulHandler({ count: 0 }, (state: HandlerState<{ count: number }>) => {
      made += 1;
      return { POST: () => Response.json(state.updateState(({ count }) => ({ count: count + 1 }))) };
    });
    handler.POST();
    expect([made, handler.getState()]).toEqual([1, { count: 1 }]);
  });

  test("may use the handler they belong to", () => {
    const handler = createStatefulHandler(
      { count: 0 },
      { POST: () => handler.updateState((previous) => ({ count: previous.count + 1 })).count },
    );
    expect([handler.POST(), handler.POST()]).toEqual([1, 2]);
  });
});

describe("without an id", () => {
  test("each call has a state of its own", () => {
    const [one, two] = [createStatefulHandler({ n: 0 }), createStatefulHandler({ n: 0 })];
    one.setState({ n: 1 });
    expect(two.getState().n).toBe(0);
  });
});

describe("with an id", () => {
  test("definitions with the same id share one state", () => {
    const one = createStatefulHandler({ n: 0 }, {}, { id: "shared" });
    const two = createStatefulHandler({ n: 0 }, {}, { id: "shared" });
    one.setState({ n: 1 });
    expect(two.getState().n).toBe(1);
  });

  test("a second definition takes no key away where no code is replaced", () => {
    const one = createStatefulHandler({ a: 1 }, {}, { id: "shared" });
    createStatefulHandler({ b: 2 }, {}, { id: "shared" });
    expect(one.getState()).toEqual({ a: 1, b: 2 });
  });

  test("the id of the code transform counts where there is no other", () => {
    const hot = createStatefulHandler as (
      ...args: readonly unknown[]
    ) => ReturnType<typeof createStatefulHandler>;
    hot({ n: 0 }, {}, undefined, "pages/api/counter.ts:handler").setState({ n: 1 });
    expect(hot({ n: 0 }, {}, undefined, "pages/api/counter.ts:handler").getState()).toEqual({ n: 1 });
    expect(hot({ n: 0 }, {}, { id: "mine" }, "pages/api/counter.ts:handler").getState()).toEqual({ n: 0 });
  });
});

describe("subscribers", () => {
  test("get the state after and before each change, until they unsubscribe", () => {
    const handler = createStatefulHandler({ n: 0 });
    const seen: unknown[] = [];
    const unsubscribe = handler.onStateChange((next, previous) => seen.push([next.n, previous.n]));
    handler.setState({ n: 1 });
    handler.resetState();
    unsubscribe();
    handler.setState({ n: 2 });
    expect(seen).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test("that throw are reported, and break neither the setter nor the others", () => {
    const { problems } = fakeHost();
    const handler = createStatefulHandler({ n: 0 });
    const error = new Error("mine");
    const seen: number[] = [];
    handler.onStateChange(() => {
      throw error;
    });
    handler.onStateChange((next) => seen.push(next.n));
    expect(handler.setState({ n: 1 })).toEqual({ n: 1 });
    expect(seen).toEqual([1]);
    expect(problems).toEqual([{ message: "[orbit] A subscriber to a state change threw.", error }]);
  });

  test("may subscribe twice with one function and end one subscription", () => {
    const handler = createStatefulHandler({ n: 0 });
    let calls = 0;
    const listener = (): void => void (calls += 1);
    const first = handler.onStateChange(listener);
    handler.onStateChange(listener);
    first();
    handler.setState({ n: 1 });
    expect(calls).toBe(1);
  });
});

describe("a wrong argument is refused with one sentence", () => {
  test.each([
    [
      () => createStatefulHandler([] as object),
      "createStatefulHandler expected `initialState` to be a plain object, got an array of 0.",
    ],
    [
      () => createStatefulHandler(new Map()),
      "createStatefulHandler expected `initialState` to be a plain object, got an instance of Map.",
    ],
    [
      () => createStatefulHandler({}, { GET: 5 } as never),
      "createStatefulHandler expected `handlers.GET` to be a function, got 5 (number).",
    ],
    [
      () => createStatefulHandler({}, (() => 5) as never),
      "createStatefulHandler expected `handlers` to be an object of functions, or a function that makes one, got 5 (number).",
    ],
    [
      () => createStatefulHandler({}, (async () => ({})) as never),
      "createStatefulHandler expected `handlers` to be an object of functions, or a function that makes one, got an instance of Promise.",
    ],
    [
      () => createStatefulHandler({}, { getState: () => 1 } as never),
      "createStatefulHandler adds getState itself. Give your handler another name.",
    ],
    [
      () => createStatefulHandler({}, {}, { id: "" }),
      'createStatefulHandler expected `options.id` to be a non-empty string, got "" (string).',
    ],
    [
      () => createStatefulHandler({ n: 0 }).setState(5 as never),
      "setState expected `partial` to be a plain object, got 5 (number).",
    ],
    [
      () => createStatefulHandler({ n: 0 }).updateState((async () => ({})) as never),
      "updateState expected an object, got a promise. Await first, then update.",
    ],
  ])("%#: %s", (call, message) => {
    expect(call).toThrow(new TypeError(`[orbit] ${message}`));
  });
});
