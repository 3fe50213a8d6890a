import type { ComponentPatch } from "../protocol/component.ts";

/** What has become of a component. */
export type ComponentChange =
  | { readonly kind: "same" }
  | { readonly kind: "patch"; readonly patch: ComponentPatch }
  | { readonly kind: "build"; readonly reason: string }
  | { readonly kind: "broken"; readonly problem: ComponentProblem };

/** Why a component cannot be read, and where. */
export interface ComponentProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** How a component has changed since it was built. */
export function compareComponents(built: string, now: string, _id: string): ComponentChange {
  return built === now ? { kind: "same" } : { kind: "build", reason: "the component has changed" };
}

/** All of a component as a patch that changes nothing. */
export function wholePatch(_text: string, _id: string): ComponentPatch | undefined {
  return undefined;
}
