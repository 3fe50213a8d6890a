import type { SessionEvent } from "./events.ts";
import { importersText } from "../report/explain.ts";
import { describeReason } from "./run-reason.ts";

/** An event in one line, for whoever looks for the reason of a report. */
export function describeEvent(event: SessionEvent): string {
  const details = detailsOf(event);
  return details === "" ? event.type : `${event.type} ${details}`;
}

function detailsOf(event: SessionEvent): string {
  switch (event.type) {
    case "seen": {
      const settings = event.settings.map(({ file }) => file);
      return [...event.files, ...event.environment, ...settings, ...event.places].join(", ");
    }
    case "committed": {
      const { version, ran, spared } = event.commit;
      const reasons = [...ran].map(
        ([{ displayName }, reason]) => `${displayName} (${describeReason(reason)})`,
      );
      return `v${version}: ${reasons.join(", ")}; ${importersText(spared.size)}`;
    }
    case "closed":
      return `v${event.version}`;
    case "routes":
      return [...event.added, ...event.gone].map(({ path }) => path).join(", ");
    case "broke":
    case "threw":
      return event.problem.message;
    case "recovered":
      return event.entries.join(", ");
    case "config-refused":
      return event.fault.message;
    case "build-begun":
      return event.files.join(", ");
    case "build-ended":
      return `${event.status} after ${Math.round(event.ms)} ms`;
    case "noticed":
      return event.message;
    case "quiet":
      return event.changes.map(({ kind, file }) => `${file} (${kind})`).join(", ");
    case "retried":
    case "settled":
  }
  return "";
}
