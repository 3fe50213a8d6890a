import { findClang, findWasmRust } from "../../scripts/find-compilers.js";

/** What cargo needs in its environment to make WebAssembly with Rust's standard library, where it can. */
export const wasmRust: Readonly<Record<string, string>> | undefined = findWasmRust();
if (wasmRust === undefined)
  process.stderr.write(
    "SKIPPED: the tests of WebAssembly of Rust need rustup's target wasm32-unknown-unknown, or Debian's cargo, libstd-rust-dev-wasm32 and lld.\n",
  );

/** A clang that makes WebAssembly, where there is one. */
export const clang: string | undefined = findClang();
if (clang === undefined)
  process.stderr.write("SKIPPED: the tests of WebAssembly of C need clang and lld, or CLANG.\n");
