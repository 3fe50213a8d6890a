/** How often it is looked whether the parent is still there. */
const LOOK_MS = 500;

/**
 * Called when the process that has started this one is gone, where a script of a package manager did. Its shell does not
 * pass signals on: `npm start` that is told to end leaves behind whatever stands after `&&`. Who starts a server and
 * leaves without such a script may want it to stay. Returns the undo.
 */
export function whenScriptEnds(env: NodeJS.ProcessEnv, ended: () => void): () => void {
  if (env["npm_lifecycle_event"] === undefined) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    ended();
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}
