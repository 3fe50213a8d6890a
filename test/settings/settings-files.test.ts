import { expect, test } from "vitest";
import { isSettingsName, settingsKindOf } from "../../src/settings/settings-files.ts";

test.for([
  ["package.json", "manifest"],
  ["/app/packages/a/package.json", "manifest"],
  ["tsconfig.json", "compiler"],
  ["tsconfig.build.json", "compiler"],
  ["jsconfig.json", "compiler"],
  ["package-lock.json", "lockfile"],
  ["npm-shrinkwrap.json", "lockfile"],
  ["/app/node_modules/.package-lock.json", "lockfile"],
  ["node_modules/.pnpm/lock.yaml", "lockfile"],
  ["C:\\app\\yarn.lock", "lockfile"],
  ["vite.config.mts", "config"],
  ["/app/orbiton.config.js", "config"],
] as const)("%s is a setting, of the kind %s", ([file, kind]) => {
  expect(settingsKindOf(file)).toBe(kind);
  expect(isSettingsName(file)).toBe(true);
});

test.for([".env", "/app/.env.local"])(
  "%s is a setting that no import shows, and no kind of text to classify",
  (file) => {
    expect([isSettingsName(file), settingsKindOf(file)]).toEqual([true, undefined]);
  },
);

test.for([
  "site.config.json",
  "my-package.json",
  "vite.config",
  "src/environment.env",
  "package.json/index.ts",
  "yarn.lock.ts",
])("%s is no setting", (file) => {
  expect([isSettingsName(file), settingsKindOf(file)]).toEqual([false, undefined]);
});
