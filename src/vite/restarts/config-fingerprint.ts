import { parse as parseToml } from "smol-toml";
import { parseAst, parseSync } from "vite";
import { fingerprintOf } from "../../runtime/analysis/fingerprint.ts";
import type { Node } from "../../runtime/analysis/syntax.ts";
import { stripTypesSync } from "../../project/strip-types.ts";

/** A digest of what a config says: comments and formatting do not count. `undefined` for a broken one. */
export function configFingerprint(file: string, text: string): string | undefined {
  try {
    if (file.endsWith(".toml")) return JSON.stringify(parseToml(text));
    if (file.endsWith(".json")) return JSON.stringify(JSON.parse(text));
    if (parseSync(file, text).errors.length > 0) return undefined;
    const sourceType = file.endsWith(".cts") ? "commonjs" : "module";
    const script = /\.[cm]?ts$/.test(file) ? stripTypesSync(file, text, sourceType).code : text;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ESTree, read by key
    return fingerprintOf(parseAst(script) as unknown as Node);
  } catch {
    // Whoever loads it says what is wrong, in words its users know.
    return undefined;
  }
}
