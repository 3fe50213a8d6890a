import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median, percentile, show } from "./measure.js";
import { createProject } from "./project.js";

const orbiton = fileURLToPath(new URL("../dist/cli/orbiton.js", import.meta.url));

/** The cells of a median and of the 95th percentile. */
export const both = (values) => [show(median(values)), show(percentile(values, 0.95))];

/** A server in a process of its own, as people start it, and what it says. */
export async function start(files, args = []) {
  const project = createProject(files);
  const program = spawn(process.execPath, [orbiton, "dev", project.root, "--port", "0", "--json", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const events = [];
  let text = "";
  let ready;
  const url = new Promise((resolve) => (ready = resolve));
  program.stdout.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop();
    for (const line of lines) {
      const event = { ...JSON.parse(line), at: performance.now() };
      events.push(event);
      if (event.event === "ready") ready(event.url);
    }
  });
  const ended = new Promise((resolve) => program.once("exit", resolve));
  const close = async () => {
    program.kill("SIGTERM");
    await ended;
  };
  return { project, program, events, ended, close, url: await url };
}
