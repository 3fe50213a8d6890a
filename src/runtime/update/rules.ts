import type { ModuleAnalysis } from "../analysis/index.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { linked } from "../model/module-source.ts";
import { THE_ENVIRONMENT } from "../model/run-reason.ts";
import type { RunReason } from "../model/run-reason.ts";
import type { ChangedSource } from "./changed-source.ts";
import { isReferredTo } from "./references.ts";
import type { References } from "./references.ts";

/** Why a module that depends on a changed source runs again. */
export interface RerunRule {
  /** Which of its letters the rule has in ARCHITECTURE.md. */
  readonly letter: "A" | "B" | "C" | "D" | "F" | "N" | "X";
  readonly kind: RunReason["kind"];
  /** The reason, if the rule holds. */
  readonly apply: (dependent: Generation, changed: ChangedSource) => RunReason | undefined;
}

/** A: it has read the source while it evaluated, or in what its evaluation started. */
const read: RerunRule = {
  letter: "A",
  kind: "read",
  apply({ reads }, changed) {
    if (changed.kind !== "exports") return undefined;
    const { module, isMadeAnew } = changed;
    const hasRead = isMadeAnew ? reads.has(module) : reads.hasValuesOf(module);
    return hasRead ? { kind: "read", of: module } : undefined;
  },
};

/** C: it has handed a function that uses the source to somebody, who may keep what it answers. */
const captured = retained("C", "captured", ({ captured: references, capturedRequests: requests }) => ({
  references,
  requests,
}));

/** D: it has a function that fills something once from the source: evaluation that happens late. */
const filledLazily = retained("D", "filled-lazily", ({ lazy: references, lazyRequests: requests }) => ({
  references,
  requests,
}));

/** N: it passes on all names of a module that has other names now. */
const namesChanged: RerunRule = {
  letter: "N",
  kind: "names-changed",
  apply({ source }, changed) {
    if (changed.kind !== "exports" || !changed.isMadeAnew) return undefined;
    const { module } = changed;
    const passesOn = source.analysis.stars.some((star) => source.imports[star] === module);
    return passesOn && hasOtherNames(module) ? { kind: "names-changed", of: module } : undefined;
  },
};

/** B: it was changed by a module that runs again. */
const contribution: RerunRule = {
  letter: "B",
  kind: "contribution",
  apply({ module }, changed) {
    if (changed.kind !== "objects" || changed.module.live?.contributions.has(module) !== true)
      return undefined;
    return { kind: "contribution", by: changed.module };
  },
};

/** B: it has changed objects of a module that is built anew. */
const contributor: RerunRule = {
  letter: "B",
  kind: "contributor",
  apply({ contributions }, changed) {
    if (changed.kind !== "objects" || !contributions.has(changed.module)) return undefined;
    return { kind: "contributor", to: changed.module };
  },
};

/** F: it uses a global that a module sets which runs again. */
const global: RerunRule = {
  letter: "F",
  kind: "global",
  apply(_dependent, changed) {
    return changed.kind === "global" ? { kind: "global", name: changed.name, by: changed.by } : undefined;
  },
};

/** F: it has read of a package that a module configures which runs again. */
const configured: RerunRule = {
  letter: "F",
  kind: "package",
  apply({ reads }, changed) {
    if (changed.kind !== "package" || !reads.has(changed.package)) return undefined;
    return { kind: "package", name: changed.package.id, by: changed.by };
  },
};

/** X: it imports what runs again, and nobody is to be spared. */
const importer: RerunRule = {
  letter: "X",
  kind: "importer",
  apply(_dependent, changed) {
    const isMadeAnew = changed.kind === "exports" && changed.isMadeAnew;
    return isMadeAnew ? { kind: "importer", of: changed.module } : undefined;
  },
};

const MEMORIES: readonly RerunRule[] = [contribution, contributor, global, configured];

/** The rules, by who is spared; of those that hold the first one is told. */
export const RULES: Readonly<Record<"live" | "importers", readonly RerunRule[]>> = {
  live: [read, captured, filledLazily, namesChanged, ...MEMORIES],
  importers: [importer, ...MEMORIES],
};

/** C, for functions that other modules have made: where nothing has run again, nobody need have read them anew. */
const handedOn = retained("C", "captured", ({ handedOn: references }) => ({ references, requests: [] }));

/** The rules about functions that are called later, by whoever keeps them or what they answer. */
export const RETAINED: readonly RerunRule[] = [captured, handedOn, filledLazily];

/**
 * A and D, for what is read outside of the program: `inputs/` knows who has read a file or a key while it evaluated, or a
 * file for a value that it keeps, and marks whoever runs from it as soon as that changes.
 */
export const MARKED_BY_INPUTS: readonly Pick<RerunRule, "letter" | "kind">[] = [
  { letter: "A", kind: "file" },
  { letter: "A", kind: "environment" },
  { letter: "D", kind: "filled-from-file" },
];

/** A rule about functions that outlive the evaluation: it holds where they refer to the source. */
function retained(
  letter: "C" | "D",
  kind: "captured" | "filled-lazily",
  referencesOf: (analysis: ModuleAnalysis) => References,
): RerunRule {
  return {
    letter,
    kind,
    apply(dependent, changed) {
      if (!isReferredTo(dependent, referencesOf(dependent.source.analysis), changed)) return undefined;
      return { kind, of: changed.kind === "exports" ? changed.module : THE_ENVIRONMENT };
    },
  };
}

/** Whether the newest text of a module exports other names than the one that runs. */
function hasOtherNames({ source, live }: ModuleRecord): boolean {
  const now = linked(source)?.analysis;
  const before = live?.source.analysis;
  if (now === undefined || before === undefined) return true;
  if (before === now) return false;
  if (before.stars.length > 0 || now.stars.length > 0 || before.exports.size !== now.exports.size)
    return true;
  for (const name of before.exports.keys()) if (!now.exports.has(name)) return true;
  return false;
}
