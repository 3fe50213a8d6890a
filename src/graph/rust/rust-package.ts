import type { RustText } from "./rust-text.ts";

/** A package of a cargo project. Paths have `/` between their parts. */
export interface RustPackage {
  /** As code calls it: with `_` for `-`. */
  readonly name: string;
  /** Such as `2021`. */
  readonly edition: string;
  /** What `env!("CARGO_MANIFEST_DIR")` stands for. */
  readonly folder: string;
  readonly targets: readonly RustTarget[];
  readonly dependencies: readonly RustDependency[];
}

/** What cargo makes of one package: each is a crate. `build` is its build script. */
export interface RustTarget {
  readonly kind: "lib" | "bin" | "example" | "test" | "bench" | "build";
  /** As code calls it. */
  readonly name: string;
  /** Where its text begins. */
  readonly file: string;
}

/** Another package of the project that a package uses. */
export interface RustDependency {
  /** As code calls it: its own name, or the one that the manifest gives it. */
  readonly name: string;
  readonly folder: string;
}

/** What is known of a file's text; `undefined` where there is no such file. */
export type RustTexts = (file: string) => RustText | undefined;
