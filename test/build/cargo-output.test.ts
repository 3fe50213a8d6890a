import { chmodSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { BuildResult } from "../../src/build/build-tool.ts";
import { cargoTool } from "../../src/build/cargo.ts";
import { timers } from "../../src/reload/clock.ts";
import { createProject } from "../cli/project.ts";
import { randomFrom } from "../support/random.ts";

type Random = ReturnType<typeof randomFrom>;
type Write = readonly [stream: "stdout" | "stderr", bytes: Buffer, times?: number];

/** Writes what it is told to in just these pieces, and ends. */
const CARGO = `#!${process.execPath}
import { readFileSync } from "node:fs";
const { writes, exitCode } = JSON.parse(readFileSync("writes.json", "utf8"));
for (const [stream, bytes, times = 1] of writes)
  for (let count = 0; count < times; count++)
    await new Promise((done) => process[stream].write(Buffer.from(bytes, "base64"), done));
process.exitCode = exitCode;
`;

/** What is made of the output of a cargo that writes this. */
async function built(writes: readonly Write[], { exitCode = 101, run = false } = {}): Promise<BuildResult> {
  const project = createProject();
  project.write("bin/cargo", CARGO);
  project.write("bin/package.json", `{ "type": "module" }`);
  chmodSync(project.path("bin/cargo"), 0o755);
  const encoded = writes.map(([stream, bytes, times]) => [stream, bytes.toString("base64"), times ?? 1]);
  writeFileSync(project.path("writes.json"), JSON.stringify({ writes: encoded, exitCode }));
  const { root } = project;
  const env = { ...process.env, PATH: project.path("bin") };
  const build = { cwd: root, env, toolchain: undefined, args: [], run: run ? [] : undefined };
  return cargoTool(build, () => ({ workspace: root, root }), timers).start(() => undefined, []).ended;
}

const lineOf = (value: unknown): string => `${JSON.stringify(value)}\n`;

function diagnostic(message: string, rendered = "drawn"): string {
  const spans = [{ file_name: "src/é.rs", line_start: 1, column_start: 2, is_primary: true }];
  return lineOf({ reason: "compiler-message", message: { level: "error", message, spans, rendered } });
}

/** What may stand between the messages of cargo. Each ends its line. */
const NOISE: readonly ((random: Random) => Buffer)[] = [
  () => Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x9f, 0x0a]),
  (random) => Buffer.from(`${"x".repeat(random(300_000))}\n`),
  () => Buffer.from(lineOf({ reason: "something-new", message: { message: "no diagnostic" } })),
  () => Buffer.from(lineOf({ reason: "build-script-executed", out_dir: "/x" })),
  () => Buffer.from(`${diagnostic("cut off").slice(0, -9)}\n`),
  () => Buffer.from(`a program says ${diagnostic("not at its beginning")}`),
  () => Buffer.from(`{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}\n`),
  () => Buffer.from("\u001B[1m\u001B[31merror\u001B[0m: no JSON\n"),
  () => Buffer.from("\u001B[\n\u001B]0;a title\r\n"),
  () => Buffer.from("{\n}\nnull\n[]\n\n"),
  () => Buffer.from(lineOf({ reason: "compiler-artifact", fresh: "perhaps" })),
  () => Buffer.from(lineOf({ reason: "build-finished", success: false })),
];

function cutAnywhere(bytes: Buffer, random: Random): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 1 + random(random(2) === 0 ? 40 : 100_000);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

test("no diagnostic is lost, whatever is printed in between and however it is cut", async () => {
  for (let seed = 0; seed < 24; seed++) {
    const random = randomFrom(seed);
    const said: string[] = [];
    const parts = Array.from({ length: 4 + random(20) }, (): Buffer => {
      if (random(2) === 0) return (NOISE[random(NOISE.length)] ?? NOISE[0])?.(random) ?? Buffer.of();
      said.push(`message ${said.length} ü😀`);
      return Buffer.from(diagnostic(said.at(-1) ?? ""));
    });
    const status = Buffer.from(
      "\r\u001B[K  Building [==>   ] 1/3: é\r\nerror: could not compile `é`\n".repeat(3),
    );
    const writes = [
      ...cutAnywhere(Buffer.concat(parts), random).map((bytes): Write => ["stdout", bytes]),
      ...cutAnywhere(status, random).map((bytes): Write => ["stderr", bytes]),
    ];
    const { isOk, diagnostics, problem } = await built(writes);
    expect([seed, diagnostics.map(({ message }) => message)]).toEqual([seed, said]);
    expect([seed, isOk, problem]).toEqual([seed, false, "cargo build failed."]);
    for (const each of diagnostics) expect(each).toMatchObject({ file: "src/é.rs", line: 1, column: 2 });
  }
});

test("a diagnostic that was not ended by a line is one, and half of one is none", async () => {
  const whole = diagnostic("the last").trimEnd();
  expect((await built([["stdout", Buffer.from(whole)]])).diagnostics).toMatchObject([
    { message: "the last" },
  ]);
  expect((await built([["stdout", Buffer.from(whole.slice(0, -1))]])).diagnostics).toEqual([]);
});

test("of a line of 400 MB the end is kept, on either stream, and what is said after it", async () => {
  for (const stream of ["stdout", "stderr"] as const) {
    const huge: Write = [stream, Buffer.alloc(2 ** 20, "x"), 400];
    const after = Buffer.from(diagnostic("after it"));
    const before = process.memoryUsage().rss;
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    const { diagnostics, output } = await built([huge, [stream, Buffer.from("\n")], ["stdout", after]]);
    clearInterval(timer);
    expect(diagnostics).toMatchObject([{ message: "after it" }]);
    expect(output.length).toBeLessThan(200_000);
    expect((most - before) / 2 ** 20, `on ${stream}`).toBeLessThan(300);
  }
});

test("what a program prints that cargo runs is its own, also where it looks like cargo's", async () => {
  const writes = [
    lineOf({ reason: "build-finished", success: true }),
    diagnostic("the program's"),
    "x".repeat(2 ** 20),
  ];
  const stdout = writes.map((text): Write => ["stdout", Buffer.from(text)]);
  const { diagnostics, output, problem } = await built(stdout, { run: true });
  expect(diagnostics).toEqual([]);
  expect(problem).toBe("cargo run: the program failed with exit code 101.");
  expect(output.length).toBeLessThan(70_000);
});

test("of many errors each is counted, and what is drawn of them is not kept without an end", async () => {
  const drawn = "d".repeat(2 ** 20);
  const writes = Array.from({ length: 40 }, (_, count): Write => [
    "stdout",
    Buffer.from(diagnostic(`error ${count}`, drawn)),
  ]);
  const { diagnostics } = await built(writes);
  expect(diagnostics.map(({ message }) => message)).toEqual(writes.map((_, count) => `error ${count}`));
  const kept = diagnostics.reduce((sum, { rendered = "" }) => sum + rendered.length, 0);
  expect(kept).toBeGreaterThan(2 ** 23);
  expect(kept).toBeLessThan(2 ** 25);
});

test("what no system can start is a failed build that says why", async () => {
  const { root } = createProject();
  for (const [args, env] of [
    [["a\u0000b"], {}],
    [[], { NAME: "a\u0000b" }],
  ] as const) {
    const build = { cwd: root, env: { ...process.env, ...env }, toolchain: undefined, args, run: undefined };
    const result = await cargoTool(build, () => ({ workspace: root, root }), timers).start(
      () => undefined,
      [],
    ).ended;
    expect(result.isOk).toBe(false);
    expect(result.problem).toMatch(/could not be started: .*null bytes/);
  }
});
