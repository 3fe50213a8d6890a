/** How a text is written as one kind of module, and what its file is called. */
export interface ModuleKind {
  readonly kind: string;
  readonly extension: string;
  /** From the text of an ES module in which every statement stands on its own. */
  readonly write: (text: string) => string;
}

/** Laws about modules hold for both. */
export const MODULE_KINDS: readonly ModuleKind[] = [
  { kind: "an ES module", extension: "js", write: (text) => text },
  { kind: "a CommonJS file", extension: "cjs", write: asCommonJs },
];

/** The same program in CommonJS: what is exported is handed out at the end, as it is then. */
export function asCommonJs(text: string): string {
  const exported: string[] = [];
  const script = text
    .replaceAll(/import \* as (\w+) from ("[^"]+")/g, "const $1 = require($2)")
    .replaceAll(/import (\{[^}]+\}) from ("[^"]+")/g, (_, names: string, from: string) => {
      return `const ${names.replaceAll(" as ", ": ")} = require(${from})`;
    })
    .replaceAll(/import ("[^"]+")/g, "require($1)")
    .replaceAll(
      /export (const|let|async function|function|class) (\w+)/g,
      (_, kind: string, name: string) => {
        exported.push(name);
        return `${kind} ${name}`;
      },
    );
  return `${script}\n${exported.map((name) => `exports.${name} = ${name};`).join(" ")}`;
}

/** Whether {@link asCommonJs} knows all module syntax of a text. */
export function canBeCommonJs(text: string): boolean {
  const rest = asCommonJs(text).replaceAll(/exports\.\w+ = \w+;/g, "");
  return !/\b(?:import|export|await)\b/.test(rest.replaceAll(/async[^;]*?\bawait\b/g, ""));
}
