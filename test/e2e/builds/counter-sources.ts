import { pages } from "../../docs/pages.ts";
import { PAGE } from "./counter-site.ts";

// The counter of `counter-site.ts` in other languages, as somebody would have it built who knows nothing but their compiler.

/** C, without a library. */
export const C_COUNTER = `
#define EXPORT(name) __attribute__((export_name(#name))) name

static int count = 0;
static int given = 0;
static unsigned char taken[64];

void EXPORT(inc)(void) { count += 1; }
int EXPORT(shown)(void) { return count; }
int EXPORT(label)(void) { return 1; }

unsigned EXPORT(orbit_schema)(void) { return 1; }
unsigned EXPORT(orbit_save)(void) { given = count; return sizeof given; }
void *EXPORT(orbit_ptr)(void) { return &given; }
void *EXPORT(orbit_alloc)(unsigned length) { return length <= sizeof taken ? taken : 0; }
unsigned EXPORT(orbit_restore)(void) { count = *(int *)taken; return 1; }
`;

/** Rust, with its standard library. */
export const RUST_COUNTER = `
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::Mutex;

static COUNT: AtomicI32 = AtomicI32::new(0);
static BYTES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[no_mangle]
pub extern "C" fn inc() { COUNT.fetch_add(1, Relaxed); }
#[no_mangle]
pub extern "C" fn shown() -> i32 { COUNT.load(Relaxed) }
#[no_mangle]
pub extern "C" fn label() -> i32 { 1 }

#[no_mangle]
pub extern "C" fn orbit_schema() -> u32 { 1 }
#[no_mangle]
pub extern "C" fn orbit_save() -> usize {
    let mut bytes = BYTES.lock().unwrap();
    *bytes = COUNT.load(Relaxed).to_le_bytes().to_vec();
    bytes.len()
}
#[no_mangle]
pub extern "C" fn orbit_ptr() -> *const u8 { BYTES.lock().unwrap().as_ptr() }
#[no_mangle]
pub extern "C" fn orbit_alloc(length: usize) -> *mut u8 {
    let mut bytes = BYTES.lock().unwrap();
    *bytes = vec![0; length];
    bytes.as_mut_ptr()
}
#[no_mangle]
pub extern "C" fn orbit_restore() -> u32 {
    match <[u8; 4]>::try_from(BYTES.lock().unwrap().as_slice()) {
        Ok(bytes) => { COUNT.store(i32::from_le_bytes(bytes), Relaxed); 1 }
        Err(_) => 0,
    }
}
`;

const MANIFEST = `[package]
name = "counter"
version = "0.1.0"
edition = "2021"

[profile.dev]
panic = "abort"
strip = true
`;

/** What the page on builds says that a file holds. */
function shown(path: string): string {
  const found = pages
    .flatMap(({ name, blocks }) => (name === "docs/builds.md" ? blocks : []))
    .find((each) => each.path === path);
  if (found === undefined) throw new Error(`docs/builds.md shows no ${path}.`);
  return found.text;
}

/** A program, which cargo hands to the runner of its target. */
export const RUST_PROGRAM: Readonly<Record<string, string>> = {
  "Cargo.toml": MANIFEST,
  ".cargo/config.toml": shown(".cargo/config.toml"),
  "src/main.rs": `${RUST_COUNTER}\nfn main() {}\n`,
  "publish.mjs": shown("publish.mjs"),
  "web/index.html": PAGE,
};

/** A library, which a script hands on. */
export const RUST_LIBRARY: Readonly<Record<string, string>> = {
  "Cargo.toml": `${MANIFEST}\n[lib]\ncrate-type = ["cdylib"]\n`,
  "src/lib.rs": RUST_COUNTER,
  "build.js": `
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, renameSync } from "node:fs";
const { status } = spawnSync("cargo", ["build", "--target", "wasm32-unknown-unknown"], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
cpSync("web", "site", { recursive: true });
copyFileSync("target/wasm32-unknown-unknown/debug/counter.wasm", "site/.app.wasm");
renameSync("site/.app.wasm", "site/app.wasm");
`,
  "web/index.html": PAGE,
};
