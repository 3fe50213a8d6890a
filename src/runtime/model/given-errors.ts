import { ModuleProblem } from "./problems.ts";

const problems = new WeakMap<object, ModuleProblem>();
const given = new WeakMap<ModuleProblem, object>();

/**
 * What code is given that asks for a module which cannot be loaded: the error that Node would give. What the module has
 * thrown is handed on as it is, and programs look at `code` and at the class of the rest.
 */
export function errorGivenFor(problem: ModuleProblem): unknown {
  const known = given.get(problem);
  if (known !== undefined) return known;
  const error = errorFor(problem);
  given.set(problem, error);
  if (error !== problem) problems.set(error, problem);
  return error;
}

/** The problem of a module, if that is why code was given this error. */
export function problemBehind(error: unknown): ModuleProblem | undefined {
  if (error instanceof ModuleProblem) return error;
  return typeof error === "object" && error !== null ? problems.get(error) : undefined;
}

function errorFor(problem: ModuleProblem): object {
  const { kind, message, code, cause } = problem;
  // Of a value that is no object it could not be told later where it was thrown.
  if (kind === "evaluation") return typeof cause === "object" && cause !== null ? cause : problem;
  if (kind === "deadline") return problem;
  if (kind === "transform" || kind === "missing-export") return new SyntaxError(message, { cause });
  return importError(message, code, cause);
}

/** An error as Node throws it for an import that leads nowhere. */
export function importError(message: string, code: string | undefined, cause?: unknown): Error {
  const isTypeError = code === "ERR_PACKAGE_IMPORT_NOT_DEFINED";
  const error = isTypeError ? new TypeError(message, { cause }) : new Error(message, { cause });
  return Object.assign(error, { code });
}
