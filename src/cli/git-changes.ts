import { execFile } from "node:child_process";
import path from "node:path";
import { OrbitError } from "../protocol/orbit-error.ts";

/**
 * The absolute paths of everything in a repository that differs from a commit: committed since, changed, deleted, and
 * files that git does not know yet.
 *
 * @throws {OrbitError} `GIT_FAILED` without git or a repository, `NOT_FOUND` for a commit that is not there.
 */
export async function changedSince(since: string, folder: string): Promise<string[]> {
  const top = (await git(["rev-parse", "--show-toplevel"], folder)).replace(/\r?\n$/, "");
  const commit = await findCommit(since, top);
  const [changed, untracked] = await Promise.all([
    // No renames: the old name matters to those who still import it.
    git(["diff", "--name-only", "-z", "--no-renames", "--no-relative", commit, "--"], top),
    git(["ls-files", "--others", "--exclude-standard", "-z"], top),
  ]);
  const names = new Set([...changed.split("\0"), ...untracked.split("\0")].filter(Boolean));
  return [...names].map((name) => path.resolve(top, name));
}

async function findCommit(since: string, top: string): Promise<string> {
  try {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${since}^{commit}`];
    return (await git(args, top)).trim();
  } catch (error) {
    throw new OrbitError("NOT_FOUND", `There is no commit, branch or tag ${since} in this repository.`, {
      cause: error,
    });
  }
}

/** Run git, without a shell and without touching its index. */
async function git(args: readonly string[], folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: Infinity, windowsHide: true };
    execFile("git", ["--no-optional-locks", ...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const isMissing = error.code === "ENOENT";
      const reason = isMissing ? "git is not installed" : (firstLine(stderr) ?? `exit code ${error.code}`);
      reject(new OrbitError("GIT_FAILED", `--since asks git, and that failed: ${reason}.`, { cause: error }));
    });
  });
}

function firstLine(text: string): string | undefined {
  return text
    .split("\n")
    .find((line) => line.trim() !== "")
    ?.replace(/^fatal: /, "")
    .replace(/\.$/, "");
}
