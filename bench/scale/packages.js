import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** What the contenders are made of, in the versions that the figures are about. The project itself needs none of them. */
const versions = {
  "@hono/node-server": "2.1.9",
  "@hono/vite-dev-server": "0.26.1",
  bun: "1.4.5",
  hono: "4.13.19",
  "hot-hook": "1.0.0",
  tsx: "4.23.15",
};

const folder = fileURLToPath(new URL("../../node_modules/.cache/orbit-bench/", import.meta.url));
const modules = path.join(folder, "node_modules");

/** Packages whose files are there without their install script: where each of them keeps what is run. */
const bunPrograms = ["@oven/bun-linux-x64/bin/bun", "bun/bin/bun.exe", "@oven/bun-linux-aarch64/bin/bun"].map(
  (file) => path.join(modules, file),
);

/**
 * Install what is missing into a cache folder of the bench.
 *
 * @returns {void} Whether it succeeded is asked by {@link hasPackage}, package by package.
 */
export function installPackages() {
  const wanted = JSON.stringify({ private: true, dependencies: versions }, undefined, 2);
  const manifest = path.join(folder, "package.json");
  const isInstalled = existsSync(manifest) && readFileSync(manifest, "utf8") === wanted;
  if (isInstalled && Object.keys(versions).every(hasPackage)) return;
  console.error(`Installing the contenders into ${path.relative(process.cwd(), folder)} ...`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifest, wanted);
  const { status } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) console.error(`npm install ended with ${status ?? "a signal"}.`);
}

/**
 * @param {string} name
 * @returns {boolean}
 */
export function hasPackage(name) {
  return name === "bun" ? bunProgram() !== undefined : existsSync(packageFolder(name));
}

/**
 * @param {string} name
 * @returns {string} Where the bench has put it.
 */
export function packageFolder(name) {
  return path.join(modules, name);
}

/** @returns {string | undefined} */
export function bunProgram() {
  return bunPrograms.find((file) => existsSync(file));
}
