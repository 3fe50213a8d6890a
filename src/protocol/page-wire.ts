import type { BuildState, BuildStatus, Diagnostic } from "./build.ts";
import type { ReloadError, Sent } from "./page-events.ts";
import type { ModuleUpdate, ModuleUpdates } from "./module-updates.ts";
import { MAX_STATE_TEXT } from "./panel.ts";
import type { GraphAnswer, PanelNews, StateAnswer, StateQuestion } from "./panel.ts";

/** What pages and server say to each other beside the events that everybody may listen to: by name, what comes with it. */

/** A page is there, or there again. */
export interface Registration {
  /** Names the document, until it is left: made anew by each load. */
  readonly tab: string;
  /** Path and query of the document. */
  readonly url: string;
  readonly isVisible: boolean;
  /** Up to which message of which server it has heard everything: what its HTML was made with, then what came. */
  readonly build?: string | undefined;
  readonly seq?: number | undefined;
  /** Which server it was connected with before. */
  readonly server?: string | undefined;
  /**
   * How long ago the document was asked for, in milliseconds, where it is there for the first time. Its HTML may be older: a
   * text that somebody has kept.
   */
  readonly age?: number | undefined;
  /** The HTML file that it shows, relative to the root, where the server has said so. */
  readonly html?: string | undefined;
  /** The text that it is like, by its digest. */
  readonly text?: string | undefined;
  /** The modules and styles that it has loaded, where another server may have to know them. */
  readonly loaded?: readonly LoadedFile[] | undefined;
}

/** A file that a page has loaded from the server. */
export interface LoadedFile {
  /** Path and query. */
  readonly url: string;
  /** How long ago it was asked for, in milliseconds. */
  readonly ago: number;
  /** Asked for as a stylesheet, by a link or another stylesheet. */
  readonly isStyle: boolean;
}

/** The server's answer to a {@link Registration}. */
export interface Hello extends Sent {
  /** Names the server behind the socket: another one after each restart. */
  readonly server: string;
  /** The frames of Vite's websocket that the page has not had, oldest first. */
  readonly missed: readonly object[];
  /** What is broken now. */
  readonly errors: readonly ReloadError[];
  /** What builds have come to, where something is built. */
  readonly buildStatus?: BuildState["status"] | undefined;
  /** What the page has cannot be brought up to date: why it has to be loaded again. */
  readonly reload?: string | undefined;
  /** How components are others now than what is built, where some are: the code of the page knows nothing of it. */
  readonly components?: readonly ModuleUpdate[] | undefined;
}

/** An error that nobody has caught in a page. */
export interface PageFault {
  /** Counts the errors of a page. */
  readonly id: number;
  readonly message: string;
  /** The address of the script. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly stack?: string | undefined;
}

/** A place in a file of the project, relative to the root. */
export interface FilePlace {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** What has become in a page of all that it was told. */
export interface TabAnswer {
  /** The question that it answers. */
  readonly ask: number;
  /** `leaving`: it is being loaded again. */
  readonly result: "applied" | "failed" | "leaving";
  /** What went wrong in the page since it was loaded. */
  readonly errors: readonly string[];
}

/** What has become in a page of what it was told of a commit. */
export interface AppliedVersion {
  readonly version: number;
  /** `failed`: something that it does because of it has thrown. */
  readonly result: "applied" | "failed";
}

/** What a page tells the server. */
export interface FromPage {
  "orbit:register": Registration;
  "orbit:shown": { readonly isVisible: boolean };
  "orbit:clear-caches": object;
  "orbit:settled": TabAnswer;
  "orbit:applied": AppliedVersion;
  /** It shows the live panel, and wants to know. */
  "orbit:panel-open": object;
  /** Nobody sees it any more. */
  "orbit:panel-close": object;
  "orbit:page-error": PageFault;
  "orbit:open-in-editor": FilePlace;
  "orbit:panel-state": StateQuestion;
  "orbit:panel-graph": object;
  /** The texts of a page, before and after an edit. */
  "orbit:page-texts": { readonly ask: number; readonly from: string; readonly to: string };
}

/** What the server tells pages. */
export interface ToPage {
  "orbit:hello": Hello;
  "orbit:caches-cleared": { readonly entries: number };
  /** Answer when all is applied that was told before. */
  "orbit:settle": Pick<TabAnswer, "ask">;
  "orbit:panel-data": PanelNews;
  /** What is broken now, in place of what was told before. */
  "orbit:errors": { readonly errors: readonly ReloadError[] } & Sent;
  /** An error of the page, where it is in the sources. */
  "orbit:page-error-place": { readonly id: number; readonly error: ReloadError };
  /** The answer of the editor: why it does not open a file, where it does not. */
  "orbit:editor": { readonly problem?: string | undefined };
  "orbit:reload": Reload & Sent;
  "orbit:panel-state": StateAnswer;
  "orbit:assets": Assets & Sent;
  "orbit:panel-graph": GraphAnswer;
  "orbit:fileChange": SavedInputs & Sent;
  "orbit:rebuild": Rebuild & Sent;
  "orbit:hmr": ModuleUpdates & Sent;
  "orbit:page-texts": PageTexts;
}

/** Files were saved that a build is made from. */
export interface SavedInputs {
  /** Relative to the project. */
  readonly paths: readonly string[];
  /** `unlink`: they are gone. */
  readonly kind: "change" | "unlink";
}

/** What becomes of a build. */
export interface Rebuild {
  readonly status: BuildStatus;
  /** What was saved for it, relative to the root. */
  readonly files: readonly string[];
  /** How long it has taken, in milliseconds. */
  readonly ms: number;
  /** How far the one is that runs: `3/5`, or what it waits for. */
  readonly progress?: string | undefined;
  /** Whether pages have been told all that is new in it before it is built. */
  readonly ahead: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** How many more there are. */
  readonly more: number;
}

/** Two texts of a page, as far as the server has them still. */
export interface PageTexts {
  /** The question that this answers. */
  readonly ask: number;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** Files that pages show as they are have been saved. */
export interface Assets {
  /** Below the base of the project, as in addresses. */
  readonly paths: readonly string[];
  /** Why a page is to be loaded again in which none of them is shown: its code may have them in another way. */
  readonly reload?: string | undefined;
}

/** Pages are to be loaded again. */
export interface Reload {
  /** What was saved, relative to the root. */
  readonly files: readonly string[];
  readonly reason: string;
  /** Only those that show this HTML file, relative to the root. */
  readonly page?: string | undefined;
}

export type FromPageName = keyof FromPage;
export type ToPageName = keyof ToPage;

type Check = (data: unknown) => boolean;

const isText = (value: unknown): value is string => typeof value === "string" && value.length <= 4_096;
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (data) =>
    typeof data === "object" &&
    data !== null &&
    Object.entries(fields).every(([name, check]) => check(Reflect.get(data, name)));
const listOf =
  (check: Check, max: number): Check =>
  (data) =>
    Array.isArray(data) && data.length <= max && data.every((each) => check(each));
const isBoolean: Check = (value) => typeof value === "boolean";

/** Whether what came with a message is what belongs to it, by its name. */
export const FROM_PAGE: Readonly<Record<FromPageName, Check>> = {
  "orbit:register": record({
    tab: isText,
    url: isText,
    isVisible: isBoolean,
    build: optional(isText),
    seq: optional(isNumber),
    server: optional(isText),
    age: optional(isNumber),
    html: optional(isText),
    text: optional(isText),
    loaded: optional(listOf(record({ url: isText, ago: isNumber, isStyle: isBoolean }), 20_000)),
  }),
  "orbit:shown": record({ isVisible: isBoolean }),
  "orbit:clear-caches": record({}),
  "orbit:settled": record({
    ask: isNumber,
    result: (value) => value === "applied" || value === "failed" || value === "leaving",
    errors: listOf(isText, 50),
  }),
  "orbit:applied": record({
    version: isNumber,
    result: (value) => value === "applied" || value === "failed",
  }),
  "orbit:panel-open": record({}),
  "orbit:panel-close": record({}),
  "orbit:page-error": record({
    id: isNumber,
    message: isText,
    file: optional(isText),
    line: optional(isNumber),
    column: optional(isNumber),
    stack: optional(isText),
  }),
  "orbit:open-in-editor": record({ file: isText, line: optional(isNumber), column: optional(isNumber) }),
  "orbit:panel-graph": record({}),
  "orbit:page-texts": record({ ask: isNumber, from: isText, to: isText }),
  "orbit:panel-state": record({
    ask: isNumber,
    kind: isText,
    id: isText,
    wish: (value) => value === "read" || value === "write" || value === "reset",
    text: optional((value) => typeof value === "string" && value.length <= MAX_STATE_TEXT),
  }),
};

const checks: ReadonlyMap<string, Check> = new Map(Object.entries(FROM_PAGE));

/** Whether a page can have said this. */
export function canComeFromPage(event: string, data: unknown): boolean {
  return checks.get(event)?.(data) === true;
}
