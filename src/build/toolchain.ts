import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { installCommand } from "../protocol/install-command.ts";
import { nearestName } from "../settings/nearest-name.ts";
import { CARGO_ENVIRONMENT } from "./cargo.ts";

const execute = promisify(execFile);

/** Why a toolchain cannot be used, and what to do about it; nothing where it can. */
export async function toolchainProblem(name: string): Promise<string | undefined> {
  let listed: string;
  try {
    const env = { ...process.env, ...CARGO_ENVIRONMENT };
    ({ stdout: listed } = await execute("rustup", ["toolchain", "list"], { env }));
  } catch {
    return `The toolchain ${name} needs rustup, which is not here: install it from https://rustup.rs, or go without --toolchain and --beta.`;
  }
  const installed = listed
    .split("\n")
    .map((line) => line.split(/\s+/)[0] ?? "")
    .filter((each) => each !== "" && each !== "no");
  if (installed.some((each) => isMeant(each, name))) return undefined;
  const channels = installed.map(channelOf);
  const nearest = nearestName(name, channels);
  const advice = nearest === undefined || nearest === name ? "" : ` Did you mean ${nearest}?`;
  const there = installed.length === 0 ? "none is" : `there is ${installed.join(", ")}`;
  return `The toolchain ${name} is not installed: ${there}.${advice} Install it with: ${installCommand(name).join(" ")}`;
}

/** Such as `beta`, of `beta-x86_64-unknown-linux-gnu`; a date or a version belongs to it. */
function channelOf(installed: string): string {
  const [, channel = installed] = /^(.+?)-(?:[a-z\d_]+-){2,}[a-z\d_]+$/.exec(installed) ?? [];
  return channel;
}

function isMeant(installed: string, name: string): boolean {
  return installed === name || channelOf(installed) === name;
}
