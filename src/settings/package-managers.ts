/** Who writes a lock file, by its name. */
function managerOf(lockfile: string | undefined): "npm" | "pnpm" | "yarn" | "bun" {
  if (lockfile?.startsWith("pnpm") === true) return "pnpm";
  if (lockfile?.startsWith("yarn") === true) return "yarn";
  return lockfile?.startsWith("bun") === true ? "bun" : "npm";
}

/** What installs what `package.json` asks for. */
export function installingCommand(lockfile: string | undefined): string {
  return `${managerOf(lockfile)} install`;
}

/** What adds a package. */
export function addingCommand(lockfile: string | undefined, name: string): string {
  const manager = managerOf(lockfile);
  return manager === "npm" ? `npm install ${name}` : `${manager} add ${name}`;
}
