import type { SourcePosition } from "../../protocol/text-position.ts";

/** Why a module cannot be loaded. */
export type ProblemKind = "transform" | "unresolved" | "missing-export" | "evaluation" | "deadline";

/** An error of user code with the place it belongs to, as every answer, log line and message shows it. */
export class ModuleProblem extends Error {
  override readonly name = "ModuleProblem";
  readonly kind: ProblemKind;
  /** Node's own, of an import that leads nowhere: `ERR_MODULE_NOT_FOUND`. */
  readonly code: string | undefined;
  /** Absolute file of the module that fails. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly frame: string | undefined;
  /** The same files could succeed a moment later. */
  readonly mayPass: boolean;
  /** Only a new process forgets what a package remembers. */
  readonly offersRestart: boolean;
  /** What helps, of an import that leads nowhere. */
  readonly advice: string | undefined;

  constructor(init: {
    readonly kind: ProblemKind;
    readonly message: string;
    readonly code?: string | undefined;
    readonly file?: string | undefined;
    readonly position?:
      | { readonly [Part in keyof SourcePosition]?: SourcePosition[Part] | undefined }
      | undefined;
    readonly frame?: string | undefined;
    readonly mayPass?: boolean;
    readonly offersRestart?: boolean;
    readonly advice?: string | undefined;
    readonly cause?: unknown;
  }) {
    super(init.message, { cause: init.cause });
    this.kind = init.kind;
    this.code = init.code ?? (init.kind === "unresolved" ? "ERR_MODULE_NOT_FOUND" : undefined);
    this.file = init.position?.file ?? init.file;
    this.line = init.position?.line;
    this.column = init.position?.column;
    this.frame = init.frame;
    this.mayPass = init.mayPass ?? false;
    this.offersRestart = init.offersRestart ?? false;
    this.advice = init.advice;
  }
}

/** Whether two problems say the same. */
export function isSameProblem(a: ModuleProblem | undefined, b: ModuleProblem | undefined): boolean {
  if (a === undefined || b === undefined || a === b) return a === b;
  return a.kind === b.kind && a.message === b.message && a.file === b.file && a.line === b.line;
}

/** What somebody else has said, and what is known besides. */
export function withHint(message: string, hint: string): string {
  return /[.!?]\s*$/.test(message) ? `${message.trimEnd()} ${hint}` : `${message}. ${hint}`;
}
