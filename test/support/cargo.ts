import { spawnSync } from "node:child_process";
import { findCargo } from "../../scripts/find-compilers.js";

/** Whether there is a cargo that builds. */
export const hasCargo: boolean = findCargo() !== undefined;
if (!hasCargo) process.stderr.write("SKIPPED: the tests of cargo projects need cargo: install Rust.\n");

/** Whether there is a rustup, which has the toolchains. */
export const hasRustup: boolean = spawnSync("rustup", ["--version"]).status === 0;
if (!hasRustup) process.stderr.write("SKIPPED: the tests of toolchains need rustup.\n");

/** A crate without dependencies whose program writes `site/index.html`. */
export const CRATE: Readonly<Record<string, string>> = {
  "Cargo.toml": `[package]\nname = "site"\nversion = "0.1.0"\nedition = "2021"\n`,
  "src/main.rs": `mod title;
fn main() {
    std::fs::create_dir_all("site").unwrap();
    println!("{{ \\"not\\": \\"cargo's\\" }}");
    let html = format!("<!doctype html><html><head><title>Site</title></head><body><h1>{}</h1><input id=name></body></html>", title::title());
    std::fs::write("site/index.html", html).unwrap();
}
`,
  "src/title.rs": `pub fn title() -> &'static str { "one" }\n`,
  "site/style.css": "",
  "orbiton.config.json": JSON.stringify({ build: { run: true } }),
};
