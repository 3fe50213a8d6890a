/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What variables of the environment say. They win over options. */
export type OptionOverrides = {
  readonly isVerbose: boolean;
  readonly tracksDependencies: boolean;
  readonly hmr: {
    readonly preserveState?: boolean;
    readonly enableLogging?: boolean;
    readonly debounceMs?: number;
  };
};

/** Read the variables that stand for options; what is wrong with them is added to `problems`. */
export function readVariables(env: Environment, problems: string[]): OptionOverrides {
  const read = <T>(name: string, { expected, parse }: Variable<T>): T | undefined => {
    const text = env[name]?.trim() ?? "";
    if (text === "") return undefined; // `NAME=` in a .env file is how people unset a variable
    const value = parse(text);
    if (value === undefined) {
      problems.push(
        `Expected the environment variable \`${name}\` to be ${expected}, got ${JSON.stringify(text)}.`,
      );
    }
    return value;
  };
  return {
    isVerbose: read("HMR_VERBOSE", switchVariable) ?? false,
    hmr: withoutUndefined({
      preserveState: read("HMR_PRESERVE_STATE", switchVariable),
      enableLogging: read("HMR_ENABLE_LOGGING", switchVariable),
      debounceMs: read("HMR_DEBOUNCE_MS", durationVariable),
    }),
    tracksDependencies: read("DEPENDENCY_TRACKING", switchVariable) ?? true,
  };
}

type Variable<T> = { readonly expected: string; readonly parse: (text: string) => T | undefined };

const switchVariable: Variable<boolean> = {
  expected: "true, false, 1, 0, on or off",
  parse: (text) => switchWords.get(text.toLowerCase()),
};
const switchWords: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["off", false],
]);
const durationVariable: Variable<number> = {
  expected: "a number of at least 0",
  // Plain digits only: Number() would also take "0x10", "1e3" and " ".
  parse: (text) => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined),
};

function withoutUndefined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same keys, minus the undefined ones
  return Object.fromEntries(present) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
