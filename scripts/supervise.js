import { spawn } from "node:child_process";
import { once } from "node:events";

/*
 * A server must not outlive who needs it, however that ends. So a shell stands between: it ends the server as soon as
 * its own input is closed, which the kernel does when this process is killed.
 */
const SUPERVISE = `
  exec 3<&0
  "$@" 3<&- </dev/null &
  server=$!
  { cat <&3 >/dev/null; kill -INT $server; } 2>/dev/null &
  wait $server
`;
const READY = /ready to accept connections/i;

/**
 * Start a database server, as PostgreSQL and Redis are: they say when they are ready, and SIGINT ends them.
 *
 * @param {readonly string[]} command
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<() => Promise<void>>} When it is ready: what ends it.
 */
export async function supervise(command, options = {}) {
  const shell = spawn("sh", ["-c", SUPERVISE, "sh", ...command], { ...options, stdio: "pipe" });
  const ended = once(shell, "exit");
  const stop = async () => {
    shell.stdin.end();
    await ended;
  };
  let said = "";
  const ready = new Promise((resolve) => {
    const listen = (text) => {
      said += String(text);
      if (READY.test(said)) resolve();
    };
    shell.stdout.on("data", listen);
    shell.stderr.on("data", listen);
  });
  const tooEarly = ended.then(() => {
    shell.stdin.end();
    throw new Error(`${command[0]} ended before it was ready: ${said}`);
  });
  await Promise.race([ready, tooEarly]);
  return stop;
}
