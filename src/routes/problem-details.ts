/** What went wrong with a request, in the fields of RFC 9457 and the place in the source, if there is one. */
export type ProblemDetails = {
  /** Names the kind of problem for programs. `about:blank` says no more than the status. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Relative to the root. */
  readonly file?: string | undefined;
  /** Counted from 1. */
  readonly line?: number | undefined;
  /** Counted from 1. */
  readonly column?: number | undefined;
  /** The source around the place. */
  readonly frame?: string | undefined;
  /** The commit the answer comes from. */
  readonly version?: number | undefined;
};
