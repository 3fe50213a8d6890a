/** What went wrong, for programs. A code keeps its meaning for good; new ones may be added. */
export type OrbitErrorCode =
  | "INVALID_OPTION"
  | "INVALID_CONFIG"
  | "ROUTE_CONFLICT"
  | "NO_ROUTES"
  | "NO_TOOLCHAIN"
  | "NOT_FOUND"
  | "PORT_IN_USE"
  | "PROCESS_EXIT"
  | "ACCESS_DENIED"
  | "NO_SERVER"
  | "NO_ANSWER"
  | "GIT_FAILED"
  | "UNSUPPORTED_VERSION";

/** The only class this package throws. `code` is for programs, `message` for people. */
export class OrbitError extends Error {
  override readonly name = "OrbitError";
  readonly code: OrbitErrorCode;

  constructor(code: OrbitErrorCode, message: string, options?: ErrorOptions) {
    super(`[orbit] ${message}`, options);
    this.code = code;
  }
}

/** A message without the name in front of it, for where it is known who is talking. */
export function withoutLabel(message: string): string {
  return message.replace(/^\[orbit\] /, "");
}
