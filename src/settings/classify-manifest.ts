import type { SettingsImpact } from "./settings-impact.ts";
import { changedKeys, isSameData, isSameText } from "./settings-json.ts";
import type { Settings } from "./settings-json.ts";

/** What people and tools beside the server read. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  "$schema",
  "//",
  "author",
  "bin",
  "bugs",
  "config",
  "contributors",
  "cpu",
  "description",
  "devEngines",
  "directories",
  "engines",
  "eslintConfig",
  "files",
  "funding",
  "homepage",
  "husky",
  "keywords",
  "libc",
  "license",
  "lint-staged",
  "man",
  "os",
  "packageManager",
  "prettier",
  "private",
  "publishConfig",
  "repository",
  "scripts",
  "types",
  "typesVersions",
  "typings",
  "version",
  "volta",
]);

/** What an installation acts on. */
const OF_PACKAGES: ReadonlySet<string> = new Set([
  "bundleDependencies",
  "bundledDependencies",
  "catalog",
  "catalogs",
  "dependencies",
  "dependenciesMeta",
  "devDependencies",
  "optionalDependencies",
  "overrides",
  "patchedDependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "pnpm",
  "resolutions",
  "trustedDependencies",
  "workspaces",
]);

/** Judge a change of `package.json`. Everything else in it may decide where imports lead. */
export function classifyManifest(before: Settings, after: Settings): SettingsImpact {
  // The conditions of `exports` and `imports` are tried in their order; dependencies are a set.
  const packages = changedKeys(before, after, isSameData).filter((key) => OF_PACKAGES.has(key));
  const others = changedKeys(before, after, isSameText).filter((key) => !OF_PACKAGES.has(key));
  const resolving = others.filter((key) => !WITHOUT_EFFECT.has(key));
  if (packages.length > 0) return { effect: "packages", parts: [...packages, ...resolving] };
  if (resolving.length > 0) return { effect: "resolve", parts: resolving };
  return { effect: "nothing", parts: others };
}
