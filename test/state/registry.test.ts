import { expect, test, vi } from "vitest";
import { setStateHost } from "../../src/state/host.ts";
import {
  createCache,
  createRateLimit,
  createStatefulHandler,
  createStore,
  globalStateManager,
} from "../../src/state/index.ts";
import { fakeHost, useFreshRegistry } from "./fake-host.ts";

useFreshRegistry();

const globals = globalThis as { globalStateManager?: unknown };

test("globalStateManager is a global while there is a host", () => {
  const { remove } = fakeHost();
  expect(globals.globalStateManager).toBe(globalStateManager);
  remove();
  expect("globalStateManager" in globals).toBe(false);
});

test("a global of that name that was there before comes back", () => {
  globals.globalStateManager = "mine";
  fakeHost().remove();
  expect(globals.globalStateManager).toBe("mine");
  delete globals.globalStateManager;
});

test("a host that was replaced does not take the next one away when it leaves", () => {
  const first = fakeHost();
  const generation = vi.fn<() => undefined>();
  const removeSecond = setStateHost({ generation });
  first.remove();
  createStore("s", 0);
  expect(generation).toHaveBeenCalled();
  removeSecond();
});

test("without a host a subscriber that throws is shown on the console", () => {
  const shown = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const handler = createStatefulHandler({ n: 0 });
  const error = new Error("mine");
  handler.onStateChange(() => {
    throw error;
  });
  handler.setState({ n: 1 });
  expect(shown).toHaveBeenCalledWith("[orbit] A subscriber to a state change threw.", error);
  shown.mockRestore();
});

test("explicit state opens nothing that keeps a process alive", () => {
  const before = process.getActiveResourcesInfo();
  createCache("c", 10).set("a", 1);
  createRateLimit("l").check("a");
  createStore("s", 0).set(1);
  expect(process.getActiveResourcesInfo()).toEqual(before);
});
