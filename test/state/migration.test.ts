import { describe, expect, test } from "vitest";
import { createStatefulHandler, createStore, globalStateManager } from "../../src/state/index.ts";
import { emptyRegistry, fakeHost, useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

/** A cart that was a list of names in version 1 and counts them in version 2. */
const cart = (options: object) => () => createStore<unknown>("cart", { empty: true }, options);

function toCounts(old: unknown): unknown {
  return Object.fromEntries((old as string[]).map((name) => [name, 1]));
}

function hostWithCart() {
  const host = fakeHost();
  host.edit("m.ts", cart({})).set(["apple"]);
  return host;
}

describe("an edit that raises the version", () => {
  test("brings a store's value through migrate", () => {
    const host = hostWithCart();
    const seen: unknown[] = [];
    const store = host.edit(
      "m.ts",
      cart({ version: 2, migrate: (old: unknown, from: number) => (seen.push(from), toCounts(old)) }),
    );
    expect([store.get(), seen]).toEqual([{ apple: 1 }, [1]]);
    host.edit("m.ts", cart({ version: 2, migrate: () => "again" }));
    expect([store.get(), host.problems]).toEqual([{ apple: 1 }, []]);
  });

  test("brings a handler's state through migrate; keys that it does not return get their defaults", () => {
    const host = fakeHost();
    host
      .edit("m.ts", () => createStatefulHandler({ users: "" }, {}, { id: "h" }))
      .setState({ users: "ada,bob" });
    const handler = host.edit("m.ts", () =>
      createStatefulHandler(
        { users: ["nobody"], open: true },
        {},
        {
          id: "h",
          version: 2,
          migrate: (old) => ({ users: String(old["users"]).split(",") }),
        },
      ),
    );
    expect(handler.getState()).toEqual({ users: ["ada", "bob"], open: true });
    expect(handler.history().map(({ state }) => state)).toEqual([{ users: ["ada", "bob"], open: true }]);
  });

  test("starts the state anew without migrate, and says so", () => {
    const host = hostWithCart();
    expect(host.edit("m.ts", cart({ version: 2 })).get()).toEqual({ empty: true });
    expect(host.problems.map(({ message }) => message)).toEqual([
      '[orbit] The state of store "cart" starts anew: it was kept in version 1, and the code has version 2 and no migrate().',
    ]);
  });

  test("starts the state anew when migrate throws, and says why", () => {
    const host = hostWithCart();
    const error = new Error("no");
    const migrate = (): never => {
      throw error;
    };
    expect(host.edit("m.ts", cart({ version: 2, migrate })).get()).toEqual({ empty: true });
    expect(host.problems).toEqual([{ message: expect.stringContaining("migrate() failed"), error }]);
  });

  test("changes nothing while its code is not live, or never becomes live", () => {
    const host = hostWithCart();
    const old = createStore<unknown>("cart", {});
    const generation = host.evaluate("m.ts", cart({ version: 2, migrate: toCounts }));
    expect([generation.exports.get(), old.get()]).toEqual([{ apple: 1 }, ["apple"]]);
    generation.abandon();
    expect(old.get()).toEqual(["apple"]);
    host.evaluate("m.ts", cart({ version: 2 })).abandon();
    expect([old.get(), host.problems]).toEqual([["apple"], []]);
  });

  test("leaves state alone for code that says no version", () => {
    const host = hostWithCart();
    host.edit("m.ts", cart({ version: 2, migrate: toCounts }));
    expect(host.edit("other.ts", cart({})).get()).toEqual({ apple: 1 });
    expect(host.edit("m.ts", cart({ version: 2 })).get()).toEqual({ apple: 1 });
  });
});

describe("a value that was set aside", () => {
  test("goes through the next migrate, as it was", () => {
    const host = hostWithCart();
    host.edit("m.ts", cart({ version: 2, migrate: broken }));
    expect(host.edit("m.ts", cart({ version: 2, migrate: toCounts })).get()).toEqual({ apple: 1 });
  });

  test("stays aside once the new value was changed", () => {
    const host = hostWithCart();
    host.edit("m.ts", cart({ version: 2, migrate: broken })).set("changed");
    expect(host.edit("m.ts", cart({ version: 2, migrate: toCounts })).get()).toBe("changed");
  });

  test("is part of an export", () => {
    const host = hostWithCart();
    host.edit("m.ts", cart({ version: 2, migrate: broken }));
    const snapshot = structuredClone(globalStateManager.export());
    emptyRegistry();
    globalStateManager.import(snapshot);
    expect(
      fakeHost()
        .edit("m.ts", cart({ version: 2, migrate: toCounts }))
        .get(),
    ).toEqual({ apple: 1 });
  });
});

test("an export carries the version", () => {
  const host = hostWithCart();
  host.edit("m.ts", cart({ version: 2, migrate: toCounts }));
  const snapshot = structuredClone(globalStateManager.export());
  emptyRegistry();
  globalStateManager.import(snapshot);
  const seen: unknown[] = [];
  fakeHost().edit("m.ts", cart({ version: 3, migrate: (...old: unknown[]) => void seen.push(...old) }));
  expect(seen).toEqual([{ apple: 1 }, 2]);
});

test.each<[object, string]>([
  [{ version: 0 }, "`options.version` to be a whole number of at least 1, got 0 (number)"],
  [{ version: "2" }, '`options.version` to be a whole number of at least 1, got "2" (string)'],
  [
    { migrate: toCounts },
    "`options.version` to be a whole number of at least 1, because options.migrate is given, got undefined",
  ],
  [{ version: 2, migrate: {} }, "`options.migrate` to be a function, got an object"],
])("wrong options are refused with one sentence: %#", (options, message) => {
  expect(() => createStore("s", 1, options)).toThrow(
    new TypeError(`[orbit] createStore expected ${message}.`),
  );
});

function broken(old: unknown): never {
  (old as string[]).length = 0;
  throw new Error("halfway");
}
