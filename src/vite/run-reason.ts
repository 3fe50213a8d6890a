import type { RunReason } from "../runtime/index.ts";

/** Why a module ran again, as a phrase behind its name. */
export function describeReason(reason: RunReason): string {
  switch (reason.kind) {
    case "new":
      return "new";
    case "edited":
      return "edited";
    case "requested":
      return "as asked";
    case "stale":
      return reason.because;
    case "read":
      return `read ${reason.of.displayName} while it evaluated`;
    case "captured":
      return `handed over a function that uses ${reason.of.displayName}`;
    case "filled-lazily":
      return `fills a value once from ${reason.of.displayName}`;
    case "importer":
      return `imports ${reason.of.displayName}`;
    case "names-changed":
      return `passes on the exports of ${reason.of.displayName}`;
    case "contribution":
      return `built anew, because ${reason.by.displayName} adds to it`;
    case "contributor":
      return `adds to ${reason.to.displayName}`;
    case "global":
      return `uses the global ${reason.name} that ${reason.by.displayName} sets`;
    case "package":
  }
  return `uses a package that ${reason.by.displayName} configures`;
}
