import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { newestIn, usualPlaces } from "./find-executable.js";

// A compiler is there when it compiles: one of these may lack a toolchain, a library, a target or a linker.

/**
 * The cargo that `orbiton dev` starts: the first on the `PATH`.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} Its version.
 */
export function findCargo(env = process.env) {
  const { status, stdout } = spawnSync("cargo", ["--version"], { env, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * What cargo needs in its environment to make WebAssembly with a standard library. Where the first Rust on the `PATH` cannot, such as
 * rustup's without the target, Debian's may: its cargo then, as others cannot drive its compiler.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Readonly<Record<string, string>> | undefined} Nothing in it where it needs nothing; `undefined` where nothing helps.
 */
export function findWasmRust(env = process.env) {
  const debian = { PATH: `/usr/bin${delimiter}${env.PATH ?? ""}`, RUSTC: "/usr/bin/rustc" };
  return [{}, debian].find((needed) => {
    const used = { ...env, ...needed };
    if (findCargo(used) === undefined) return false;
    const args = ["--target=wasm32-unknown-unknown", "--crate-type=cdylib", "-"];
    return compiles(used.RUSTC ?? "rustc", args, used);
  });
}

/**
 * Where a clang is that makes WebAssembly: `CLANG`, then the `PATH`, then where packages put it. Apple's does not.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} The path of an executable, or what is to be found on the `PATH`.
 */
export function findClang(env = process.env) {
  if (env.CLANG) return env.CLANG;
  const versions = newestIn("/usr/bin", /^clang-\d+$/);
  const folders = ["/opt/homebrew/opt/llvm/bin", "/usr/local/opt/llvm/bin"];
  const args = ["--target=wasm32", "-nostdlib", "-Wl,--no-entry", "-x", "c", "-"];
  return usualPlaces(["clang", ...versions], folders, env).find((place) => compiles(place, args, env));
}

/** Whether it makes something of a source that is empty. */
function compiles(compiler, args, env) {
  const folder = mkdtempSync(join(tmpdir(), "orbit-compiler-"));
  try {
    const options = { cwd: folder, env, input: "", stdio: ["pipe", "ignore", "ignore"] };
    return spawnSync(compiler, [...args, "-o", "made.wasm"], options).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
