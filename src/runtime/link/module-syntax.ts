import { DEFAULT_EXPORT } from "../analysis/index.ts";
import type { ImportUse, ModuleAnalysis, ModuleSyntax } from "../analysis/index.ts";
import type { TextEdit } from "./text-edits.ts";

/**
 * Imports and exports are no part of what a function can hold: imported names become members of the objects that read
 * them, `export` goes. No line moves.
 */
export function moduleSyntaxEdits(
  code: string,
  { imports, importKeywords, importUses, moduleSyntax, resourceInitializers }: ModuleAnalysis,
): readonly TextEdit[] {
  // There a name will stand before it.
  const calls = resourceInitializers.filter(({ isStatement }) => isStatement);
  const named = new Set(calls.map(({ initializer: [start] }) => start));
  return [
    ...moduleSyntax.map((syntax) => edit(code, syntax.range, textFor(code, syntax))),
    ...importUses.map((use) => {
      const beginsStatement = use.beginsStatement && !named.has(use.range[0]);
      return edit(
        code,
        use.range,
        nameFor({ ...use, beginsStatement }, imports[use.import]?.local ?? "", code),
      );
    }),
    ...importKeywords.map(({ kind, range }) =>
      edit(code, range, kind === "meta" ? "__vite_ssr_import_meta__" : "__vite_ssr_dynamic_import__"),
    ),
  ];
}

/** Statements that make known what a module exports; what is only passed on is known without. */
export function namesOfExports({ exports }: ModuleAnalysis): string {
  return [...exports]
    .map(([name, exported]) =>
      exported.kind === "forward"
        ? ""
        : `__vite_ssr_exportName__(${JSON.stringify(name)},()=>${readerOf(exported.binding)});`,
    )
    .join("");
}

/** Before its declaration has run, a binding throws: that is what the language says of cycles. */
function readerOf(binding: string): string {
  if (binding !== DEFAULT_EXPORT) return binding;
  const words = "Cannot access 'default' before initialization";
  return `{try{return ${binding}}catch{throw new ReferenceError(${JSON.stringify(words)})}}`;
}

/** How running code calls a namespace that is used as a value: of its own, because reading it means all of it. */
export function wholeName(local: string): string {
  return `${local.slice(0, -2)}$$`;
}

/** How running code calls a namespace of which a member is called: that is `this` then. */
export function receiverName(local: string): string {
  return `${local.slice(0, -2)}_$`;
}

function textFor(code: string, { kind, range }: ModuleSyntax): string {
  if (kind === "default") return `const ${DEFAULT_EXPORT} =`;
  const blank = code.slice(...range).replaceAll(/[^\n\r\u2028\u2029]/g, " ");
  // The statement before may have no semicolon.
  return kind === "link" ? `;${blank.slice(1)}` : blank;
}

function nameFor(use: ImportUse, local: string, code: string): string {
  const { form, name, range, beginsStatement } = use;
  if (form === "member") return local;
  if (form === "receiver") return receiverName(local);
  const value = name === "*" ? wholeName(local) : local + memberText(name);
  if (form === "shorthand") return `${code.slice(...range)}: ${value}`;
  if (form === "value") return value;
  // The statement before may have no semicolon.
  return `${beginsStatement ? ";" : ""}(0,${value})`;
}

function memberText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** A text in place of a range; lines that the range was written over stay. */
function edit(code: string, [start, end]: readonly [number, number], text: string): TextEdit {
  if (text.length === end - start) return { start, end, text };
  return { start, end, text: text + (code.slice(start, end).match(/\n/g)?.join("") ?? "") };
}
