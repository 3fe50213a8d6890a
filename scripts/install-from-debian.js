import { spawnSync } from "node:child_process";

let isUpdated = false;

/**
 * Install packages with apt-get, as root or by a `sudo` that asks for nothing. Daemons are not started.
 *
 * @param {readonly string[]} packages
 * @returns {boolean} Whether all of them are installed.
 */
export function installFromDebian(packages) {
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  // invoke-rc.d starts no service in single-user mode.
  const apt = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get"];
  const isPossible = process.platform === "linux" && succeeds([...apt, "--version"], "ignore");
  if (!isPossible) return false;
  console.log(`Missing here: installing ${packages.join(" and ")} with apt-get.`);
  isUpdated ||= succeeds([...apt, "update"], "inherit");
  return (
    isUpdated && succeeds([...apt, "install", "--yes", "--no-install-recommends", ...packages], "inherit")
  );
}

/**
 * @param {readonly string[]} command
 * @param {"ignore" | "inherit"} stdio
 */
export function succeeds([program, ...args], stdio) {
  return spawnSync(program, args, { stdio, shell: program.endsWith(".cmd") }).status === 0;
}
