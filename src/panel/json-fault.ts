/** Where a text stops being JSON. */
export interface JsonFault {
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
  readonly message: string;
}

/** Say what is wrong with a text, or `undefined` where it is JSON. Browsers say it in many ways, and some say no place. */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const { at, message } = findFault(text);
    const before = text.slice(0, at);
    return {
      line: before.split("\n").length,
      column: at - before.lastIndexOf("\n"),
      message,
    };
  }
}

/** What may come next. */
type Wanted = "value" | "first value" | "key" | "first key" | "colon" | "more of {" | "more of [" | "end";

/** The brackets that are open: a step opens or closes one, and says what may come then. */
type ParseStep = readonly [RegExp, (open: ("{" | "[")[]) => Wanted];

// oxlint-disable-next-line no-control-regex -- that is how JSON has it
const STRING = /"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y;
const NUMBER_OR_WORD = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const SPACE = /[ \t\n\r]*/y;

const afterValue: ParseStep[1] = (open) => {
  const inside = open.at(-1);
  return inside === undefined ? "end" : `more of ${inside}`;
};
const close: ParseStep[1] = (open) => {
  open.pop();
  return afterValue(open);
};
const begin =
  (sign: "{" | "[", then: Wanted): ParseStep[1] =>
  (open) => {
    open.push(sign);
    return then;
  };
const VALUE: readonly ParseStep[] = [
  [/\{/y, begin("{", "first key")],
  [/\[/y, begin("[", "first value")],
  [STRING, afterValue],
  [NUMBER_OR_WORD, afterValue],
];
const KEY: ParseStep = [STRING, () => "colon"];

const STEPS: Readonly<Record<Wanted, readonly ParseStep[]>> = {
  value: VALUE,
  "first value": [...VALUE, [/\]/y, close]],
  key: [KEY],
  "first key": [KEY, [/\}/y, close]],
  colon: [[/:/y, () => "value"]],
  "more of {": [
    [/,/y, () => "key"],
    [/\}/y, close],
  ],
  "more of [": [
    [/,/y, () => "value"],
    [/\]/y, close],
  ],
  end: [],
};

const EXPECTED: Readonly<Record<Wanted, string>> = {
  value: "a value",
  "first value": "a value or “]”",
  key: "a key in double quotes",
  "first key": "a key in double quotes or “}”",
  colon: "“:” after the key",
  "more of {": "“,” or “}”",
  "more of [": "“,” or “]”",
  end: "nothing more",
};

function findFault(text: string): { readonly at: number; readonly message: string } {
  const open: ("{" | "[")[] = [];
  let at = 0;
  const isNext = (token: RegExp): boolean => {
    token.lastIndex = at;
    if (!token.test(text)) return false;
    at = token.lastIndex;
    return true;
  };
  let wanted: Wanted = "value";
  for (;;) {
    isNext(SPACE);
    const step: ParseStep | undefined = STEPS[wanted].find(([token]) => isNext(token));
    if (step === undefined) return { at, message: messageFor(wanted, text.slice(at)) };
    wanted = step[1](open);
  }
}

function messageFor(wanted: Wanted, rest: string): string {
  if (rest.startsWith('"') && STEPS[wanted].some(([token]) => token === STRING))
    return "This string does not end on its line, or has a wrong escape in it.";
  const came = rest === "" ? "the end of the text" : `“${/^(?:\w+|.)/su.exec(rest)?.[0] ?? ""}”`;
  return `Expected ${EXPECTED[wanted]}, got ${came}.`;
}
