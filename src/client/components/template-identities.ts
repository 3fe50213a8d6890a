import { correlate, nodesOf } from "../../components/correlate.ts";
import type { TemplateElement, TemplateNode } from "../../protocol/component.ts";

/** Which nodes of templates are one, through all edits, also where one edit after the other has made it hard to see. */
export class TemplateIdentities {
  readonly #ids = new Map<TemplateNode, number>();
  #count = 0;

  /** @param known the templates before, those that its nodes are looked for in first */
  add(template: TemplateElement, known: readonly TemplateElement[]): void {
    if (this.#ids.has(template)) return;
    const nodes = nodesOf(template);
    const taken = new Set<number>();
    for (const before of known) {
      const were = nodesOf(before);
      for (const [index, { from }] of nodesOf(correlate(before, template)).entries()) {
        const [node, was] = [nodes[index], from === undefined ? undefined : were[from]];
        const id = was && this.#ids.get(was);
        if (node === undefined || id === undefined || taken.has(id) || this.#ids.has(node)) continue;
        taken.add(id);
        this.#ids.set(node, id);
      }
    }
    for (const node of nodes) if (!this.#ids.has(node)) this.#ids.set(node, this.#count++);
  }

  of(node: TemplateNode): number | undefined {
    return this.#ids.get(node);
  }
}
