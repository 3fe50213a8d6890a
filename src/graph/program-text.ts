/**
 * The program that a printed text holds, without comments and layout: two texts of one printer are the same program if
 * this is the same. `undefined` where what stands in front of a slash does not say whether it divides.
 *
 * A printer ends its statements with `;` and puts spaces between what could run together. So a line break means nothing,
 * and neither does a space beside a bracket. JSX has to be compiled.
 */
export function programText(printed: string): string | undefined {
  return new ProgramReader(printed).read();
}

const [PLAIN, LAYOUT, STRING, TEMPLATE, SLASH, OPEN] = [0, 1, 2, 3, 4, 5] as const;
const SPACE = 32;
const SIGNS = ["", " \t\r\n", "\"'", "`", "/", "{", "}"];

/** What a character may begin, by its code. */
const kinds = new Uint8Array(128);
for (const [kind, signs] of SIGNS.entries()) for (const sign of signs) kinds[sign.charCodeAt(0)] = kind;

const LAYOUT_RUN = /(?:[ \t\r\n]|\/\/.*|\/\*[^]*?\*\/)+/y;
const WHOLE_STRING = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y;
/** Up to its end, or up to its next hole. */
const REST_OF_TEMPLATE = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y;
/** The one line whose end means something. */
const HASHBANG = /#!.*\n/y;
const REGULAR_EXPRESSION = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//y;

/** Nothing can run together with one of these. */
const brackets = new Uint8Array(128);
for (const bracket of "()[]{},;") brackets[bracket.charCodeAt(0)] = 1;
/** By its code; there is none beside the first character and the last. */
const standsAlone = (code: number): boolean => (code < 128 ? brackets[code] === 1 : Number.isNaN(code));

const WORD = "(?:^|[^\\w$.#\\u0080-\\uffff])";
/** What stands in front of an expression, so that a slash begins one. */
const BEFORE_EXPRESSION = new RegExp(
  `(?:^|[(,=:[!&|?{;*%<>~^]|[^+]\\+|[^-]-|${WORD}(?:return|typeof|case|in|delete|void|throw|new|else|do|instanceof|default|extends))$`,
);
/** What ends an expression, so that a slash divides it. These words can be names as well. */
const AFTER_EXPRESSION = new RegExp(
  `[\\w$"'\`\\]\\u0080-\\uffff](?<!${WORD}(?:of|yield|await|async|let|static))$`,
);
const LONGEST_WORD = 12;

class ProgramReader {
  readonly #text: string;
  #at = 0;
  /** Where the last character was that is no layout. */
  #last = -1;
  #program = "";
  /** What is in front of this is in the program, or left out of it. */
  #taken = 0;
  /** How many braces are open in each hole of a template, the innermost last. */
  readonly #holes: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): string | undefined {
    const text = this.#text;
    this.#skip(HASHBANG);
    for (let at = this.#at; at < text.length; at = this.#at) {
      // Nearly all of a text means itself: this loop is what reading costs.
      while (at < text.length && (kinds[text.charCodeAt(at)] ?? PLAIN) === PLAIN) at++;
      this.#take(at);
      if (at < text.length && !this.#readSign(kinds[text.charCodeAt(at)] ?? PLAIN)) return undefined;
    }
    return this.#program + text.slice(this.#taken);
  }

  /** Go on behind what a sign begins; `false` when nobody can tell what that is. */
  #readSign(kind: number): boolean {
    switch (kind) {
      case LAYOUT:
        return this.#leaveOut();
      case STRING:
        return this.#skip(WHOLE_STRING);
      case TEMPLATE:
        this.#take(this.#at + 1);
        return this.#skipTemplate();
      case SLASH:
        return this.#readSlash();
      default:
        return this.#readBrace(kind === OPEN ? 1 : -1);
    }
  }

  /** Spaces and comments: one space, or nothing beside a bracket and at the ends. */
  #leaveOut(): boolean {
    const [text, from] = [this.#text, this.#at];
    let end = from + 1;
    const next = kinds[text.charCodeAt(end)];
    // Most often it is one space, and nothing needs to be looked for.
    if (next === LAYOUT || next === SLASH || text.charCodeAt(from) !== SPACE) {
      LAYOUT_RUN.lastIndex = from;
      if (!LAYOUT_RUN.test(text)) return false;
      end = LAYOUT_RUN.lastIndex;
    }
    this.#at = end;
    const isMeant = !standsAlone(text.charCodeAt(this.#last)) && !standsAlone(text.charCodeAt(end));
    if (isMeant && end === from + 1 && text.charCodeAt(from) === SPACE) return true;
    this.#program += text.slice(this.#taken, from) + (isMeant ? " " : "");
    this.#taken = end;
    return true;
  }

  #readSlash(): boolean {
    const text = this.#text;
    if (/[/*]/.test(text.charAt(this.#at + 1))) return this.#leaveOut();
    const before = text.slice(Math.max(0, this.#last + 1 - LONGEST_WORD), this.#last + 1);
    if (BEFORE_EXPRESSION.test(before)) return this.#skip(REGULAR_EXPRESSION);
    if (!AFTER_EXPRESSION.test(before)) return false;
    this.#take(this.#at + 1);
    return true;
  }

  #readBrace(change: 1 | -1): boolean {
    this.#take(this.#at + 1);
    const open = this.#holes.pop();
    if (open === undefined) return true;
    if (open + change < 0) return this.#skipTemplate();
    this.#holes.push(open + change);
    return true;
  }

  #skipTemplate(): boolean {
    if (!this.#skip(REST_OF_TEMPLATE)) return false;
    if (this.#text.charAt(this.#last) === "{") this.#holes.push(0);
    return true;
  }

  #skip(whole: RegExp): boolean {
    whole.lastIndex = this.#at;
    if (!whole.test(this.#text)) return false;
    this.#take(whole.lastIndex);
    return true;
  }

  #take(end: number): void {
    if (end > this.#at) this.#last = end - 1;
    this.#at = end;
  }
}
