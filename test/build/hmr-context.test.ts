import { expect, test } from "vitest";
import { HmrContext } from "../../src/build/hmr-context.ts";

const context = (): HmrContext => new HmrContext((file) => file.replace(/^src\/|\.rs$/g, ""));

test("a module that was saved is pending until pages have been told of it", () => {
  const modules = context();
  expect(modules.shouldRebuild()).toBe(false);
  expect(modules.recordFileChange("src/components/counter.rs", 1)).toBe("components/counter");
  expect(modules.shouldRebuild()).toBe(true);
  expect(modules.getPendingUpdates()).toEqual(["components/counter"]);
  modules.markUpdated(["components/counter"], 2);
  expect(modules.shouldRebuild()).toBe(false);
  expect(modules.modules).toEqual([{ module: "components/counter", changedAt: 1, updated: true }]);
});

test("what is saved again after a build has begun is not told with it", () => {
  const modules = context();
  modules.recordFileChange("src/a.rs", 1);
  modules.recordFileChange("src/b.rs", 1);
  modules.recordFileChange("src/a.rs", 3);
  modules.markUpdated(["a", "b"], 2);
  expect(modules.getPendingUpdates()).toEqual(["a"]);
  expect(modules.modules.map(({ module }) => module)).toEqual(["b", "a"]);
  expect(modules.shouldRebuild()).toBe(true);
});

test("what nobody has saved cannot be told", () => {
  const modules = context();
  modules.markUpdated(["x"], 9);
  expect(modules.modules).toEqual([]);
});
