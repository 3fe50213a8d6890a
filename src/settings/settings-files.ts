/** What a settings file is for. */
export type SettingsKind = "compiler" | "manifest" | "lockfile" | "config";

/** What package managers write into the project. */
export const LOCKFILES: readonly string[] = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
];

/** What package managers write when an installation is complete, relative to the project. */
export const INSTALLATION_RECORDS: readonly string[] = [
  "node_modules/.package-lock.json",
  "node_modules/.pnpm/lock.yaml",
  "node_modules/.yarn-state.yml",
  "node_modules/.yarn-integrity",
];

/** Whether a file says what is installed, rather than what is wanted. */
export function isInstallationRecord(file: string): boolean {
  const slashed = `/${file.replaceAll("\\", "/")}`;
  return INSTALLATION_RECORDS.some((name) => slashed.endsWith(`/${name}`));
}

/** What a file is for, by its name; `undefined` for all others. Bases that `tsconfig.json` extends have any name. */
export function settingsKindOf(file: string): SettingsKind | undefined {
  const name = nameOf(file);
  return (
    RECOGNISED.find(([, pattern]) => pattern.test(name))?.[0] ?? (isLockfile(name) ? "lockfile" : undefined)
  );
}

/** Whether a file says which versions of packages are to be installed, or are. */
export function isLockfile(file: string): boolean {
  return LOCKFILE_NAMES.has(nameOf(file));
}

/** Whether a file decides how code is resolved, compiled or run without being imported by any, by its name. */
export function isSettingsName(file: string): boolean {
  return settingsKindOf(file) !== undefined || /^\.env(?:\..+)?$/.test(nameOf(file));
}

/** Whether a file decides how the code beside and below it is resolved and compiled, by its name. */
export function isSettingOfFolder(file: string): boolean {
  const kind = settingsKindOf(file);
  return kind === "compiler" || kind === "manifest" || kind === "lockfile";
}

const RECOGNISED: readonly (readonly [SettingsKind, RegExp])[] = [
  ["manifest", /^package\.json$/],
  ["compiler", /^[jt]sconfig.*\.json$/],
  ["config", /^(?:vite|orbiton)\.config\.\w+$/],
];

const LOCKFILE_NAMES: ReadonlySet<string> = new Set([...LOCKFILES, ...INSTALLATION_RECORDS].map(nameOf));

function nameOf(file: string): string {
  return file.slice(file.search(/[^/\\]*$/));
}
