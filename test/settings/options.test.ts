import { describe, expect, test } from "vitest";
import { OrbitError } from "../../src/protocol/orbit-error.ts";
import { resolveOptions } from "../../src/settings/options.ts";

const messageOf = (options: unknown, env: Record<string, string | undefined> = {}): string => {
  try {
    resolveOptions(options, env);
  } catch (error) {
    if (error instanceof OrbitError && error.code === "INVALID_OPTION") return error.message;
    throw error;
  }
  throw new Error("the options were taken");
};

test("no options at all are good options", () => {
  const defaults = {
    apiDirs: ["pages/api", "src/pages/api"],
    apiPrefix: "/api",
    trustProxy: false,
    hmr: {
      preserveState: true,
      debounceMs: 100,
      enableLogging: true,
      maxRetries: 3,
      onError: "error",
      propagation: "live",
      fullReloadThreshold: 50,
    },
    dependencyTracking: { enableASTAnalysis: true, trackNodeModules: false, maxDepth: Infinity },
    isVerbose: false,
    tracksDependencies: true,
  };
  expect(resolveOptions(undefined, {})).toStrictEqual(defaults);
  expect(resolveOptions({ hmr: {}, apiDir: undefined }, {})).toStrictEqual(defaults);
});

test("a given option replaces its default and no other", () => {
  const options = resolveOptions({ apiDir: "server", apiPrefix: "/v1/api", hmr: { maxRetries: 0 } }, {});
  expect(options.apiDirs).toEqual(["server"]);
  expect(options.apiPrefix).toBe("/v1/api");
  expect(options.hmr).toMatchObject({ maxRetries: 0, debounceMs: 100 });
});

describe("a wrong option is named with what was expected and what came", () => {
  test.for<[unknown, string]>([
    [{ hmr: { debounceMs: "fast" } }, '`hmr.debounceMs` to be a number of at least 0, got "fast" (string).'],
    [{ hmr: { debounceMs: -1 } }, "`hmr.debounceMs` to be a number of at least 0, got -1 (number)."],
    [{ hmr: { debounceMs: Number.NaN } }, "got NaN (number)."],
    [{ hmr: { maxRetries: 1.5 } }, "`hmr.maxRetries` to be a whole number of at least 0, got 1.5 (number)."],
    [
      { hmr: { onError: "lastgood" } },
      '`hmr.onError` to be "error" or "last-good", got "lastgood" (string).',
    ],
    [{ hmr: { preserveState: 1 } }, "`hmr.preserveState` to be true or false, got 1 (number)."],
    [{ hmr: true }, "`hmr` to be an object, got true (boolean)."],
    [{ dependencyTracking: { maxDepth: 0 } }, "whole number of at least 1, or Infinity, got 0 (number)."],
    [{ apiDir: "" }, '`apiDir` to be the path of a folder, got "" (string).'],
    [{ apiPrefix: "api" }, 'begins with "/" and does not end with it, got "api" (string).'],
    [{ apiPrefix: "/api/" }, 'got "/api/" (string).'],
    [{ apiPrefix: "/" }, 'got "/" (string).'],
    [{ apiPrefix: "/a?b" }, 'got "/a?b" (string).'],
    [null, "Expected the options of apiRoutes() to be an object, got null."],
    [["pages/api"], "to be an object, got an array."],
    [() => ({}), "to be an object, got a function."],
  ])("%j", ([options, sentence]) => {
    expect(messageOf(options)).toContain(sentence);
  });
});

describe("an unknown option is answered with the one that was meant", () => {
  test.for([
    [{ apiDirectory: "x" }, "Unknown option `apiDirectory`. Did you mean `apiDir`?"],
    [{ hmr: { debounce: 5 } }, "Unknown option `hmr.debounce`. Did you mean `hmr.debounceMs`?"],
    [{ preserveState: false }, "Unknown option `preserveState`. Did you mean `hmr.preserveState`?"],
    [{ hmr: { maxretries: 1 } }, "Did you mean `hmr.maxRetries`?"],
    [{ qqqqqqqq: 1 }, "Unknown option `qqqqqqqq`. Known options: apiDir, apiPrefix, trustProxy, hmr, "],
    [JSON.parse('{"__proto__": 1}'), "Unknown option `__proto__`."],
    [{ constructor: 1 }, "Unknown option `constructor`."],
  ] as const)("%j", ([options, sentence]) => {
    expect(messageOf(options)).toContain(sentence);
  });
});

test("everything that is wrong is said at once", () => {
  const message = messageOf({ apiPrefix: "api", hmr: { debounceMs: "x" } }, { HMR_PRESERVE_STATE: "maybe" });
  expect(message.split("\n")).toHaveLength(3);
});

test("the environment wins over the options", () => {
  const options = {
    hmr: { preserveState: true, debounceMs: 5 },
    dependencyTracking: { enableASTAnalysis: true },
  };
  const env = {
    HMR_PRESERVE_STATE: "off",
    HMR_ENABLE_LOGGING: "FALSE",
    HMR_DEBOUNCE_MS: "250",
    DEPENDENCY_TRACKING: "0",
    HMR_VERBOSE: "1",
  };
  const resolved = resolveOptions(options, env);
  expect(resolved.hmr).toMatchObject({ preserveState: false, enableLogging: false, debounceMs: 250 });
  expect(resolved.tracksDependencies).toBe(false);
  expect(resolved.isVerbose).toBe(true);
});

test("an empty variable is an unset one", () => {
  expect(resolveOptions({ hmr: { debounceMs: 5 } }, { HMR_DEBOUNCE_MS: " " }).hmr.debounceMs).toBe(5);
});

describe("a wrong variable is named", () => {
  test.for([
    ["HMR_PRESERVE_STATE", "yes", 'to be true, false, 1, 0, on or off, got "yes".'],
    ["HMR_DEBOUNCE_MS", "100ms", 'to be a number of at least 0, got "100ms".'],
    ["HMR_DEBOUNCE_MS", "-1", 'to be a number of at least 0, got "-1".'],
  ] as const)("%s=%s", ([name, value, sentence]) => {
    expect(messageOf({}, { [name]: value })).toBe(
      `[orbit] Expected the environment variable \`${name}\` ${sentence}`,
    );
  });
});
