import { findCargo, findClang, findWasmRust } from "./find-compilers.js";
import { findPostgres, findRedis } from "./find-servers.js";
import { installFromDebian } from "./install-from-debian.js";

/** What some of the tests need. Debian's names mean the version that fits the others of its release. */
const programs = [
  {
    tests: "PostgreSQL's clients",
    find: findPostgres,
    packages: ["postgresql"],
    otherwise: "set POSTGRES_BIN to the folder of initdb",
  },
  {
    tests: "Redis's clients",
    find: findRedis,
    packages: ["redis-server"],
    otherwise: "set REDIS_SERVER to its path",
  },
  {
    tests: "cargo projects",
    find: findCargo,
    packages: ["cargo", "rustc"],
    otherwise: "install Rust from https://rustup.rs",
  },
  {
    tests: "WebAssembly of Rust",
    find: findWasmRust,
    packages: ["cargo", "rustc", "libstd-rust-dev-wasm32", "lld"],
    otherwise: "run: rustup target add wasm32-unknown-unknown",
  },
  {
    tests: "WebAssembly of C",
    find: findClang,
    packages: ["clang", "lld"],
    otherwise: "set CLANG to one that knows wasm32",
  },
];

/** Find what the tests of databases and compilers need, or install it; say which tests go without. */
export function installPrograms() {
  const missing = programs.filter(({ find }) => find() === undefined);
  // Databases and compilers are no matter of course on a machine that somebody works on: only root of a Debian gets them unasked.
  if (missing.length > 0 && process.getuid?.() === 0) install(missing);
  for (const { tests, find, packages, otherwise } of missing) {
    if (find() !== undefined) continue;
    console.error(
      `SKIPPED: the tests of ${tests} need ${packages.join(", ")}: install that, or ${otherwise}.`,
    );
  }
}

/** All at once is quickest. A release that lacks one of the packages would install none of them so. */
function install(missing) {
  const packages = new Set(missing.flatMap((program) => program.packages));
  if (installFromDebian([...packages]) || missing.length === 1) return;
  for (const program of missing) installFromDebian(program.packages);
}
