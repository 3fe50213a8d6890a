/** Why a config cannot be loaded. */
export interface ConfigFault {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly frame?: string | undefined;
  readonly message: string;
}
