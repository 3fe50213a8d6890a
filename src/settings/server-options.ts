import { OrbitError } from "../protocol/orbit-error.ts";
import type { Expectation } from "./expectation.ts";
import { nearestName } from "./nearest-name.ts";
import { wrongBuildOptions } from "./build-options.ts";
import { describe, knownPaths } from "./options.ts";

const FLAG: Expectation = { text: "true or false", accepts: (value) => typeof value === "boolean" };

const PORT: Expectation = {
  text: "a whole number from 0 to 65535",
  accepts: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
};

const ADDRESS: Expectation = {
  text: "an address, true or false",
  accepts: (value) => typeof value === "string" || typeof value === "boolean",
};

const EXPECTED: ReadonlyMap<string, Expectation> = new Map([
  ["port", PORT],
  ["strictPort", FLAG],
  ["host", ADDRESS],
  ["open", FLAG],
  ["poll", FLAG],
]);

/** What is wrong with the options of a server, as the end of a sentence that begins with "expected". */
export function wrongServerOptions(given: Readonly<Record<string, unknown>>): readonly string[] {
  return wrongIn(given, EXPECTED);
}

function wrongIn(
  given: Readonly<Record<string, unknown>>,
  expected: ReadonlyMap<string, Expectation>,
): readonly string[] {
  return [...expected].flatMap(([option, { text, accepts }]) => {
    const value = given[option];
    return value === undefined || accepts(value)
      ? []
      : [`\`${option}\` to be ${text}, got ${describe(value)}.`];
  });
}

/** What a name of a toolchain is: anything else might be an option to others. */
export const TOOLCHAIN: RegExp = /^[A-Za-z\d][\w.-]*$/;

const WISHES: ReadonlyMap<string, Expectation> = new Map([
  [
    "command",
    { text: "a line for a shell", accepts: (value) => typeof value === "string" && value.trim() !== "" },
  ],
  [
    "toolchain",
    {
      text: 'the name of a toolchain, such as "beta"',
      accepts: (value) => typeof value === "string" && TOOLCHAIN.test(value),
    },
  ],
  ["release", FLAG],
  ["keepServing", FLAG],
]);

const NAMES = [
  ...EXPECTED.keys(),
  "root",
  "plugin",
  "onReport",
  "onRestartNeeded",
  "isStateClean",
  "build",
  ...WISHES.keys(),
];

/** What other tools call it; the command line has it as its argument. */
const MEANT: Readonly<Record<string, string>> = { dir: "root", cwd: "root" };

/**
 * Check what a program gives to `createDevServer`.
 *
 * @throws {OrbitError} `INVALID_OPTION` that names everything that is wrong, and the option that was probably meant
 */
export function checkDevServerOptions(options: object): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const unknown = Object.keys(given).filter((name) => !NAMES.includes(name));
  const { root } = given;
  const problems = [
    ...unknown.map(explainUnknown),
    ...(root === undefined || typeof root === "string"
      ? []
      : [`Expected \`root\` to be the path of a folder, got ${describe(root)}.`]),
    ...wrongIn(given, WISHES).map((wrong) => `Expected ${wrong}`),
    ...wrongBuildOptions(given["build"]),
    ...wrongServerOptions(given).map((wrong) => `Expected ${wrong}`),
  ];
  if (problems.length > 0) throw new OrbitError("INVALID_OPTION", problems.join("\n        "));
}

function explainUnknown(name: string): string {
  // Options of the routes have a place of their own.
  const names = [...NAMES, ...knownPaths.map((path) => `plugin.${path}`)];
  const nearest = MEANT[name] ?? nearestName(name, names);
  const advice =
    nearest === undefined ? `Known options: ${NAMES.join(", ")}.` : `Did you mean \`${nearest}\`?`;
  return `Unknown option \`${name}\` of createDevServer(). ${advice}`;
}
