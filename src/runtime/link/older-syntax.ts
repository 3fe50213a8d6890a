import { firstDecorator } from "../analysis/index.ts";
import type { Node } from "../analysis/index.ts";
import type { LoweredText, ScriptText } from "../host.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { ModuleProblem } from "../model/problems.ts";
import { placeAt } from "../../protocol/text-position.ts";
import type { SyntaxFault } from "./debugging.ts";
import { originalPosition } from "./stack-traces.ts";

/** A text that parses, and that this Node cannot compile: it is newer, or what it says is not allowed. */
class NotCompiled extends ModuleProblem {}

/** Read a text; if this Node does not know its syntax, read it in older syntax. */
export function inKnownSyntax<Read>(
  text: ScriptText,
  read: (text: LoweredText) => Read,
  lower: (text: ScriptText) => LoweredText | undefined,
): Read {
  try {
    return read(text);
  } catch (error) {
    const lowered = error instanceof NotCompiled ? lower(text) : undefined;
    if (lowered === undefined) throw error;
    try {
      return read(lowered);
    } catch (again) {
      // What is wrong with the text that people have written says more.
      throw again instanceof NotCompiled ? error : again;
    }
  }
}

/** Why Node cannot compile a text, with the place where people have written it. */
export function notCompiled(
  module: ModuleRecord,
  fault: SyntaxFault,
  {
    code,
    program,
    scriptName,
  }: { readonly code: string; readonly program: Node; readonly scriptName: string },
): ModuleProblem {
  const decorator = firstDecorator(program);
  const { line, column } = decorator === undefined ? fault : placeAt(code, decorator.start);
  // It parses, for the compiler that reads it first; and yet Node stumbles over it.
  const isUnknown = /^(?:Invalid or unexpected|Unexpected|missing)\b/.test(fault.message);
  return new NotCompiled({
    kind: "transform",
    message:
      decorator === undefined
        ? `${fault.message}${isUnknown ? ` (Node ${process.versions.node} does not know this syntax)` : ""}`
        : DECORATORS,
    file: module.file,
    position: originalPosition(scriptName, line, column),
    cause: fault.cause,
  });
}

/** No Node knows them, and the compiler that Vite brings knows those of TypeScript only. */
const DECORATORS =
  'Node does not know decorators. Set "experimentalDecorators": true in tsconfig.json for those of TypeScript; for standard ones add a Vite plugin that compiles them, such as unplugin-swc.';
