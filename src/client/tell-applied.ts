import type { PageHub, ServerLink } from "./page-hub.ts";

/**
 * Tell the server that what it told of a version has been taken in by whoever listens.
 *
 * @returns to be called with each version that was told of
 */
export function tellApplied(hub: PageHub, link: ServerLink): (version: number) => void {
  let isFailed = false;
  hub.outcomes.listen(({ result }) => {
    isFailed ||= result === "failed";
  });
  let told: number | undefined;
  return (version) => {
    // One commit is told route by route, one right after the other.
    if (told === version) return;
    told = version;
    const answer = async (): Promise<void> => {
      await Promise.resolve();
      told = undefined;
      await hub.work.settled();
      link.send("orbit:applied", { version, result: isFailed ? "failed" : "applied" });
      isFailed = false;
    };
    void answer();
  };
}
