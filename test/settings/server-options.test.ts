import { expect, test } from "vitest";
import { checkDevServerOptions } from "../../src/settings/server-options.ts";

test.each([
  [{ dir: "." }, "Unknown option `dir` of createDevServer(). Did you mean `root`?"],
  [{ cwd: "." }, "Unknown option `cwd` of createDevServer(). Did you mean `root`?"],
  [{ prot: 1 }, "Unknown option `prot` of createDevServer(). Did you mean `port`?"],
  [{ onReports: () => undefined }, "Did you mean `onReport`?"],
  [{ apiDir: "api" }, "Did you mean `plugin.apiDir`?"],
  [{ preserveState: false }, "Did you mean `plugin.hmr.preserveState`?"],
  [{ nonsense: 1 }, "Known options: port, strictPort, host, open, poll, root, plugin"],
  [{ port: "80" }, 'Expected `port` to be a whole number from 0 to 65535, got "80" (string).'],
  [{ root: 1 }, "Expected `root` to be the path of a folder, got 1 (number)."],
  [{ dir: ".", open: 1 }, "Expected `open` to be true or false, got 1 (number)."],
])(
  "an option that is not known, or not as expected, is an error that says what was meant: %o",
  (options, words) => {
    expect(() => checkDevServerOptions(options)).toThrow(words);
  },
);

test("what is known and not given is fine", () => {
  expect(() =>
    checkDevServerOptions({ root: ".", port: 0, host: true, plugin: {}, poll: undefined }),
  ).not.toThrow();
});
