import type { ModuleScope } from "../model/compiled.ts";
import { enterFill, leaveFill } from "../model/context.ts";
import type { Context } from "../model/context.ts";
import type { Generation } from "../model/generation.ts";

/** How a text says that an expression runs whose value it keeps. */
export function fillScope(generation: Generation): Pick<ModuleScope, "beginFill" | "endFill"> {
  return {
    beginFill: (index) => {
      const source = generation.source.analysis.fillSources[index];
      return source && enterFill(generation, source);
    },
    endFill: (begun, value) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text hands on what `beginFill` has returned
      leaveFill(begun as Context | undefined);
      return value;
    },
  };
}
