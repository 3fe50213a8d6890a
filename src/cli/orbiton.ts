#!/usr/bin/env node
import { messageOf } from "../protocol/message-of.ts";
import { withoutLabel } from "../protocol/orbit-error.ts";
import { requireNode } from "../settings/requirements.ts";

// Nothing else is imported here: what an older Node lacks would be an error of the language before it can be told.

process.exitCode = await start(process.argv.slice(2));

async function start(argv: readonly string[]): Promise<number> {
  try {
    requireNode(process.versions.node);
  } catch (error) {
    process.stderr.write(`error ${withoutLabel(messageOf(error))}\n`);
    return 1;
  }
  const { main } = await import("./main.ts");
  return main(argv);
}
