import type { TabAnswer } from "../protocol/page-wire.ts";
import type { PageHub, ServerLink, ViteNews } from "./page-hub.ts";

/** The server waits a little longer than that. */
const PATIENCE_MS = 4_500;

/** So many updates are remembered until somebody asks. */
const MAX_UPDATES = 200;
/** An update may ask for several modules. */
const MAX_ASKED = 2_000;

/** What Vite's client applies. */
interface AppliedUpdates {
  readonly updates: readonly {
    readonly type: string;
    readonly acceptedPath: string;
    readonly timestamp: number;
    readonly explicitImportRequired?: boolean | undefined;
  }[];
}

/** Tell the server when all is applied that it has told before, and what could not be. */
export function answerSettling(hub: PageHub, link: ServerLink, vite: ViteNews): void {
  let failures: string[] = [];
  let isLeaving = false;
  hub.outcomes.listen(({ result, reason = "Something that was saved could not be shown." }) => {
    if (result === "failed") failures.push(reason);
    isLeaving ||= result === "reloaded";
  });
  const asked = updatesAskedFor();
  let told: AppliedUpdates["updates"] = [];
  // Before: of an update whose callback throws Vite says nothing afterwards.
  vite.on("vite:beforeUpdate", ({ updates }: AppliedUpdates) => {
    told = [...told, ...updates].slice(-MAX_UPDATES);
  });
  link.on("orbit:settle", ({ ask }) => {
    const answer = async (): Promise<void> => {
      await Promise.race([hub.work.settled(), passed(PATIENCE_MS)]);
      // By now Vite has done what it does with each.
      const updates = told;
      told = [];
      const found = await Promise.all(updates.map(async (update) => failureOf(hub, update, asked)));
      failures.push(...found.flatMap((failure) => failure ?? []));
      const result: TabAnswer["result"] = failures.length > 0 ? "failed" : "applied";
      const errors = [...failures, ...hub.problems.messagesOf("page", "bundler")];
      failures = [];
      link.send("orbit:settled", {
        ask,
        result: isLeaving ? "leaving" : result,
        errors: [...new Set(errors)].slice(0, 50).map((text) => text.slice(0, 2_000)),
      });
    };
    void answer();
  });
}

/** The addresses of modules that the page has asked for anew: those of the last updates. */
function updatesAskedFor(): ReadonlySet<string> {
  const asked = new Set<string>();
  // What the browser keeps of it is bounded, and others may empty it.
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) if (/[?&]t=\d+/.test(name)) asked.add(name);
    for (const name of asked) if (asked.size > MAX_ASKED) asked.delete(name);
  }).observe({ type: "resource", buffered: true });
  return asked;
}

/** Vite says nothing where a module that it has loaded anew has thrown: who asks for the same address hears of it again. */
async function failureOf(
  { base }: PageHub,
  { type, acceptedPath, timestamp, explicitImportRequired }: AppliedUpdates["updates"][number],
  asked: ReadonlySet<string>,
): Promise<string | undefined> {
  if (type !== "js-update") return undefined;
  const [path = "", query] = acceptedPath.split("?");
  const name = `${base}${path.slice(1)}?${explicitImportRequired === true ? "import&" : ""}t=${timestamp}`;
  const { href } = new URL(query === undefined ? name : `${name}&${query}`, location.href);
  // A module that this page has not asked for would be run by asking.
  if (!asked.has(href)) return undefined;
  try {
    await import(/* @vite-ignore */ href);
    return undefined;
  } catch (error) {
    return `${path.slice(1)}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
