import type { Expectation } from "./expectation.ts";
import { nearestName } from "./nearest-name.ts";
import { describe } from "./options.ts";

/** How a project is built, where something other than Vite builds it. Paths are relative to the project's folder. */
export type BuildOptions = {
  /**
   * The program that builds; without `args` a line for a shell. `"cargo"` is cargo, with what it says of the sources.
   * @default "cargo", where there is a `Cargo.toml`
   */
  readonly command?: string | undefined;
  /** Its arguments, each as it is. */
  readonly args?: readonly string[] | undefined;
  /**
   * Where it runs.
   * @default the project's folder
   */
  readonly cwd?: string | undefined;
  /**
   * Files and folders that it is built from.
   * @default all of the project, but for its output, API routes, `node_modules`, `target` and what begins with a dot
   */
  readonly watch?: readonly string[] | undefined;
  /** What of those it is not built from: paths, or patterns such as `**\/*.tmp`. */
  readonly ignore?: readonly string[] | undefined;
  /**
   * The folder that it writes, which is served.
   * @default the first of `dist`, `site` and `public` that is there, or else `dist`
   */
  readonly output?: string | undefined;
  /**
   * Of cargo: after a good build, run the package's program, which makes the pages; with these arguments where there are some.
   * @default false
   */
  readonly run?: boolean | readonly string[] | undefined;
  /** What is added to its environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /**
   * How it writes what is wrong with the sources: like one of these, or by an expression with the groups `message`, and `file`,
   * `line`, `column` and `level` where it has them.
   * @default all of these are looked for
   */
  readonly diagnostics?: "rustc" | "asc" | "gcc" | RegExp | undefined;
};

const isFilled = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";
const isList = (value: unknown): boolean => Array.isArray(value) && value.every((each) => isFilled(each));
const PATH: Expectation = { text: "the path of a folder", accepts: isFilled };

const EXPECTED: Readonly<Record<keyof BuildOptions, Expectation>> = {
  command: { text: "a command", accepts: isFilled },
  args: {
    text: "a list of arguments",
    accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === "string"),
  },
  cwd: PATH,
  watch: { text: "a list of paths", accepts: isList },
  ignore: { text: "a list of paths or patterns", accepts: isList },
  output: PATH,
  run: {
    text: "true, false or a list of arguments",
    accepts: (value) =>
      typeof value === "boolean" || (Array.isArray(value) && value.every((each) => typeof each === "string")),
  },
  env: {
    text: "an object of texts",
    accepts: (value) =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((each) => typeof each === "string"),
  },
  diagnostics: {
    text: '"rustc", "asc", "gcc" or an expression with the group `message`',
    accepts: (value) =>
      value === "rustc" ||
      value === "asc" ||
      value === "gcc" ||
      (value instanceof RegExp && hasMessage(value)),
  },
};

/** Whether an expression has the group. What looks like one may be a character that is looked for. */
function hasMessage({ source, flags }: RegExp): boolean {
  const { groups = {} } = new RegExp(`${source}|`, flags.replace("y", "")).exec("") ?? {};
  return "message" in groups;
}

/** All that is wrong with the options of a build, a sentence each. */
export function wrongBuildOptions(given: unknown): readonly string[] {
  if (given === undefined) return [];
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return [`Expected \`build\` to be an object, got ${describe(given)}.`];
  const names = Object.keys(EXPECTED);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  const wrong = Object.entries(EXPECTED).flatMap(([name, { text, accepts }]) => {
    const value: unknown = Reflect.get(given, name);
    return value === undefined || accepts(value)
      ? []
      : [`Expected \`build.${name}\` to be ${text}, got ${describe(value)}.`];
  });
  return [...unknown.map((name) => unknownText(name, names)), ...wrong];
}

function unknownText(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const advice =
    nearest === undefined ? `Known options: ${names.join(", ")}.` : `Did you mean \`build.${nearest}\`?`;
  return `Unknown option \`build.${name}\`. ${advice}`;
}
