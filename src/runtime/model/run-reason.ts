/** Something that people know by a name. */
export interface Named {
  readonly displayName: string;
}

/** What the keys of the environment are keys of. */
export const THE_ENVIRONMENT: Named = { displayName: "the environment" };

/** Why a module runs again. Told to users, so every rule has its own word; see `update/rules.ts`. */
export type RunReason =
  | { readonly kind: "new" | "edited" | "requested" }
  | { readonly kind: "stale"; readonly because: string }
  /** What it read while it evaluated has changed: a file or folder, keys of the environment. */
  | { readonly kind: "file"; readonly file: string }
  /** What it keeps was read of a file, after it had evaluated. */
  | { readonly kind: "filled-from-file"; readonly file: string }
  | { readonly kind: "environment"; readonly keys: readonly string[] }
  /** What it asked for with `import()` or `require` while it evaluated can be had now, or cannot any more. */
  | { readonly kind: "late-import"; readonly specifier: string }
  | {
      readonly kind: "read" | "captured" | "filled-lazily" | "importer" | "names-changed";
      readonly of: Named;
    }
  | { readonly kind: "contribution"; readonly by: Named }
  | { readonly kind: "contributor"; readonly to: Named }
  | { readonly kind: "global" | "package"; readonly name: string; readonly by: Named };
