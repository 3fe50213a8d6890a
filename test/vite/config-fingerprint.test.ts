import { describe, expect, test } from "vitest";
import { configFingerprint } from "../../src/vite/restarts/config-fingerprint.ts";

describe("a config says the same with other comments and another format, and something else with another value", () => {
  test.for<[file: string, text: string, same: string, other: string]>([
    ["a.js", "export default { a: 1 }", "// new\nexport default {\n a: 1, };", "export default { a: 2 }"],
    ["a.mjs", "export default { a: 1 }", "export default { a: 1 } // new", "export default { a: 2 }"],
    ["a.cjs", "module.exports = { a: 1 }", "module.exports = {a:1};", "module.exports = { a: 2 }"],
    [
      "a.ts",
      "export default { a: 1 }",
      "export default { a: 1 } satisfies object",
      "export default { a: 2 }",
    ],
    [
      "b.ts",
      "const here = import.meta.dirname; await 0; export default { a: 1 }",
      "const here = import.meta.dirname; await 0; export default { a: 1 as number }",
      "const here = import.meta.dirname; await 0; export default { a: 2 }",
    ],
    ["a.mts", "export default { a: 1 }", "export default { a: 1 as number }", "export default { a: 2 }"],
    ["a.cts", "export = { a: 1 }", "export = {\n  a: 1 };", "export = { a: 2 }"],
    ["a.json", `{"a":1}`, `{ "a": 1 }`, `{ "a": 2 }`],
    ["a.toml", "a = 1", "# new\na   = 1\n", "a = 2"],
  ])("%s", ([file, text, same, other]) => {
    const expected = configFingerprint(file, text);
    expect(expected).toBeDefined();
    expect(configFingerprint(file, same)).toBe(expected);
    expect(configFingerprint(file, other)).not.toBe(expected);
  });
});

test.for([
  ["a.js", "export default {"],
  ["a.ts", "export default {"],
  ["a.json", "{"],
  ["a.toml", "a ="],
] as const)("a broken config says nothing that could be compared: %s", ([file, text]) => {
  expect(configFingerprint(file, text)).toBeUndefined();
});
