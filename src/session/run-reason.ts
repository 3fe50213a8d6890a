import type { RunReason } from "../runtime/index.ts";

/** Why a module ran again, as a phrase behind its name. */
export function describeReason(reason: RunReason): string {
  if ("of" in reason) return describeImport(reason);
  switch (reason.kind) {
    case "new":
      return "new";
    case "edited":
      return "edited";
    case "requested":
      return "as asked";
    case "stale":
      return reason.because;
    case "file":
      return `read ${reason.file} while it loaded`;
    case "filled-from-file":
      return `keeps what it read of ${reason.file}`;
    case "environment":
      return `read ${reason.keys.join(", ")} of the environment while it loaded`;
    case "late-import":
      return `imports ${reason.specifier} while it loads`;
    case "contribution":
      return `${reason.by.displayName} changes its objects`;
    case "contributor":
      return `changes objects of ${reason.to.displayName}`;
    case "global":
      return `uses the global ${reason.name} that ${reason.by.displayName} sets`;
    case "package":
  }
  return `uses a package that ${reason.by.displayName} configures`;
}

/** What a module has to do with another one that changed. */
function describeImport({ kind, of: { displayName } }: Extract<RunReason, { of: unknown }>): string {
  switch (kind) {
    case "read":
      return `read ${displayName} while it loaded`;
    case "captured":
      return `passed a callback that uses ${displayName} to other code`;
    case "filled-lazily":
      return `keeps a value made once from ${displayName}`;
    case "importer":
      return `imports ${displayName}`;
    case "names-changed":
  }
  return `exports all of ${displayName}`;
}
