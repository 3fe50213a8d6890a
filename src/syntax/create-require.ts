import { memberName, unwrapped } from "./expressions.ts";
import { child } from "./nodes.ts";
import type { Node } from "./nodes.ts";

/** The name under which Node offers what makes a `require`. */
export const CREATE_REQUIRE = "createRequire";

/** Whether a specifier names the module of Node that has {@link CREATE_REQUIRE}. */
export function isModuleOfNode(specifier: string | undefined): boolean {
  return specifier === "node:module" || specifier === "module";
}

/** Whether a value is made by a member of that name, whatever has it: an import, a `require`, `process.getBuiltinModule()`. */
export function isMadeByCreateRequire(value: Node): boolean {
  const call = unwrapped(value);
  const callee = call.type === "CallExpression" ? child(call, "callee") : undefined;
  return callee !== undefined && memberName(unwrapped(callee)) === CREATE_REQUIRE;
}
