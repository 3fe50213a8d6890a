import { readdirSync } from "node:fs";
import path from "node:path";
import { parseSync } from "vite";
import { placeAt } from "../protocol/text-position.ts";
import { readText } from "../session/code-frame.ts";
import type { TextFault } from "../session/ports.ts";
import { syntaxErrorIn } from "./transform-problem.ts";

/** What can be seen to be wrong with a file without running it: its syntax, or an import of a file that is not there. */
export function textFaultIn(file: string, name: string): TextFault | undefined {
  const syntax = syntaxErrorIn(file);
  if (syntax !== undefined || !/\.[cm]?[jt]sx?$/.test(file)) return syntax;
  const text = readText(file) ?? "";
  const missing = importsIn(file, text).find(({ value }) => leadsNowhere(value, file));
  if (missing === undefined) return undefined;
  const specifier = JSON.stringify(missing.value);
  return {
    message: `Cannot find ${specifier}, imported by ${name}. Create the file or correct the import.`,
    place: placeAt(text, missing.start),
  };
}

/** What a program imports for its values, with the places of the specifiers. */
export function importsIn(
  file: string,
  text: string,
): readonly { readonly value: string; readonly start: number }[] {
  const { staticImports } = parseSync(file, text).module;
  return staticImports
    .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
    .map(({ moduleRequest }) => moduleRequest);
}

/** Only what nothing could lead to: whatever its ending, and whoever resolves it, a file of that name has to be there. */
function leadsNowhere(specifier: string, importer: string): boolean {
  if (!/^\.{1,2}\//.test(specifier) || /[?#*]/.test(specifier)) return false;
  const target = path.resolve(path.dirname(importer), specifier);
  const stem = path.basename(target, path.extname(target));
  return !namesIn(path.dirname(target)).some((each) => each === stem || each.startsWith(`${stem}.`));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
