import { spawn } from "node:child_process";
import { once } from "node:events";
import { installCommand } from "../protocol/install-command.ts";
import type { ReportedFailure } from "../protocol/server-messages.ts";
import type { KeyInput } from "./keys.ts";
import type { Terminal } from "./terminal.ts";

/** What would install the toolchain that a server has not started without; nothing where that would not help. */
export function offerFor(
  { code, message }: ReportedFailure,
  toolchain: string | undefined,
): readonly string[] | undefined {
  if (code !== "NO_TOOLCHAIN" || toolchain === undefined) return undefined;
  const command = installCommand(toolchain);
  // Where there is no rustup, another thing is to be installed.
  return message.endsWith(command.join(" ")) ? command : undefined;
}

/** Ask whether it is to be installed now, and do that. Returns whether it has been. */
export async function installIfWanted(
  [program = "", ...args]: readonly string[],
  { keys, terminal }: { readonly keys: KeyInput; readonly terminal: Terminal },
): Promise<boolean> {
  // It loads hundreds of megabytes, and changes more than this project.
  terminal.note(`Press y to run ${[program, ...args].join(" ")} now, any other key to leave it.`);
  if ((await nextKey(keys)) !== "y") return false;
  const child = spawn(program, args, { stdio: "inherit" });
  const [code]: unknown[] = await once(child, "close");
  return code === 0;
}

async function nextKey(input: KeyInput): Promise<string> {
  input.setEncoding("utf8");
  input.setRawMode(true);
  const key = await new Promise<string>((resolve) => {
    const hear = (text: string): void => {
      input.off("data", hear);
      resolve(text);
    };
    input.on("data", hear);
    input.on("error", () => resolve(""));
    // Whoever has listened before has paused it.
    input.resume();
  });
  input.setRawMode(false);
  input.pause();
  return key;
}
