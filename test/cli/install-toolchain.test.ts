import { chmodSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createProject } from "./project.ts";
import { hasTerminal, TerminalProgram } from "./terminal-program.ts";

/** A rustup that notes what it is asked for, and a cargo that has nothing to do. */
const FILES = {
  "Cargo.toml": "",
  "bin/rustup": `#!/bin/sh
cd "$(dirname "$0")"
case "$*" in
  "toolchain list") echo stable-x86_64-unknown-linux-gnu; cat installed 2>/dev/null;;
  "toolchain install 1.2.3") echo "it is installed"; echo 1.2.3-x86_64-unknown-linux-gnu > installed;;
  "toolchain install 9.9.9") echo "no such toolchain" >&2; exit 1;;
esac
exit 0
`,
  "bin/cargo": `#!/bin/sh
echo '{"reason":"build-finished","success":true}'
`,
};

function started(toolchain: string): TerminalProgram {
  const project = createProject(FILES);
  for (const name of ["rustup", "cargo"]) chmodSync(project.path(`bin/${name}`), 0o755);
  const PATH = `${project.path("bin")}${path.delimiter}${process.env["PATH"] ?? ""}`;
  return TerminalProgram.inTerminal(project, `--toolchain ${toolchain}`, { PATH });
}

test.runIf(hasTerminal)(
  "a missing toolchain is installed by a key, and the project is served with it",
  async () => {
    const program = started("1.2.3");
    await program.prints(/Press y to run rustup toolchain install 1\.2\.3 now/);
    program.press("y");
    await program.prints(/it is installed/);
    await program.untilReady(1);
    expect((await program.fetch("__hmr_status")).status).toBe(200);
  },
);

test.runIf(hasTerminal)("any other key leaves it, as does one that cannot be installed", async () => {
  const left = started("1.2.3");
  await left.prints(/Press y/);
  left.press("n");
  expect((await left.ended()).code).toBe(2);
  expect(left.stdout).not.toContain("it is installed");
  const failed = started("9.9.9");
  await failed.prints(/Press y/);
  failed.press("y");
  expect((await failed.ended()).code).toBe(2);
  expect(failed.stdout).toContain("no such toolchain");
});
