import type { FileRead } from "../host.ts";
import type { OpenFill } from "../model/context.ts";
import type { Generation } from "../model/generation.ts";

/** A file is read for a value that is kept: by whoever holds it, and by whoever holds what it is a part of. */
export function noteFilled(innermost: OpenFill, read: FileRead): void {
  for (let fill: OpenFill | undefined = innermost; fill !== undefined; fill = fill.outer) {
    const { generation, source } = fill;
    const isOwn = source.bindings.length > 0 || source.imports.length === 0;
    const held = [...source.bindings, ...source.globals.map(({ name }) => name)];
    if (isOwn) generation.outside?.noteFilled(read, held);
    for (const { import: site, name } of source.imports) {
      const target = generation.source.imports[site];
      const owner = target?.kind === "project" ? target.live : undefined;
      if (owner !== undefined) owner.outside?.noteFilled(read, [bindingBehind(owner, name)]);
    }
  }
}

function bindingBehind({ source }: Generation, name: string): string {
  const exported = source.analysis.exports.get(name);
  return exported?.kind === "local" ? exported.binding : name;
}
