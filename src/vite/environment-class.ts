import { DevEnvironment } from "vite";
import type { ResolvedConfig } from "vite";
import { ENVIRONMENT } from "../protocol/environment-name.ts";

type EnvironmentClass = typeof DevEnvironment;

const classes = new WeakMap<ResolvedConfig, EnvironmentClass>();

/**
 * Environments have to be of the Vite that serves. A linked package has another one beside it, and an environment of that
 * lacks what the server expects in it, or has it in another shape.
 *
 * @param create makes our environment of a class
 */
export function makeOfServersVite(
  config: ResolvedConfig,
  create: (name: string, config: ResolvedConfig) => DevEnvironment,
): void {
  const options = config.environments[ENVIRONMENT];
  if (options === undefined) return;
  const { createEnvironment } = options.dev;
  options.dev.createEnvironment = async (name, resolved, context) => {
    // Nobody hands out the class; what Vite makes where nobody says how is of one that extends it, and opens nothing yet.
    classes.set(resolved, classBehind(await createEnvironment(name, resolved, context)));
    return create(name, resolved);
  };
}

/** The class of environments that go with a config. */
export function environmentClassOf(config: ResolvedConfig): EnvironmentClass {
  return classes.get(config) ?? DevEnvironment;
}

function classBehind(environment: object): EnvironmentClass {
  for (
    let made: unknown = environment.constructor;
    typeof made === "function" && made !== Object;
    made = Object.getPrototypeOf(made)
  )
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Vite's own, by its name
    if (made.name === DevEnvironment.name) return made as EnvironmentClass;
  return DevEnvironment;
}
