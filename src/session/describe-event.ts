import { isOfBuild } from "./build-view.ts";
import type { BuildEvent } from "./build-view.ts";
import type { SessionEvent } from "./events.ts";
import { importersText } from "../report/explain.ts";
import { describeReason } from "./run-reason.ts";

/** An event in one line, for whoever looks for the reason of a report. */
export function describeEvent(event: SessionEvent): string {
  const details = detailsOf(event);
  return details === "" ? event.type : `${event.type} ${details}`;
}

function detailsOf(event: SessionEvent): string {
  if (isOfBuild(event)) return buildDetails(event);
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
    case "noticed":
      return event.message;
    case "quiet":
      return event.changes.map(({ kind, file }) => `${file} (${kind})`).join(", ");
    case "retried":
    case "settled":
  }
  return "";
}

function buildDetails(event: BuildEvent): string {
  if (event.type === "build-noted") return event.progress;
  const files = event.files.join(", ");
  return event.type === "build-begun" ? files : `${event.status} after ${Math.round(event.ms)} ms: ${files}`;
}
