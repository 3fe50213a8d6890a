import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { parse as parseToml, TomlError } from "smol-toml";
import { loadConfigFromFile } from "vite";
import { OrbitError } from "../protocol/orbit-error.ts";
import { wrongBuildOptions } from "../settings/build-options.ts";
import type { BuildOptions } from "../settings/build-options.ts";
import { wrongServerOptions } from "../settings/server-options.ts";
import type { ServerOptions } from "../protocol/server-messages.ts";
import { messageOf } from "../protocol/message-of.ts";
import type { TextPosition } from "../protocol/text-position.ts";
import { frameOf, readText } from "../session/code-frame.ts";
import { placeAt } from "../protocol/text-position.ts";
import type { ConfigFault } from "../session/config-fault.ts";
import { configError, namingFaults } from "./config-file.ts";
import type { ApiRoutesOptions } from "../settings/options.ts";

/** A config file, taken apart. */
export interface LoadedConfig {
  /** Its name, for messages; `undefined` where there is none. */
  readonly name: string | undefined;
  /** The file with everything that it imports. */
  readonly files: readonly string[];
  readonly server: ServerOptions;
  readonly routes: ApiRoutesOptions;
  /** How the project is built, where something other than Vite builds it. */
  readonly build: BuildOptions | undefined;
}

const SERVE = { command: "serve", mode: "development" } as const;

const NAMES = ["ts", "js", "mjs", "json", "toml"].map((extension) => `orbiton.config.${extension}`);

/** Where a config may stand. */
export function orbitonConfigFiles(root: string): string[] {
  return NAMES.map((name) => path.join(root, name));
}

/**
 * Read the project's `orbiton.config.*`.
 *
 * @throws {OrbitError} `INVALID_CONFIG` for a file that cannot be read, for two of them, and for a wrong server option.
 */
export async function loadOrbitonConfig(root: string): Promise<LoadedConfig> {
  const found = NAMES.filter((name) => existsSync(path.join(root, name)));
  const [name, second] = found;
  if (name === undefined) return { name: undefined, files: [], server: {}, routes: {}, build: undefined };
  if (second !== undefined)
    throw new OrbitError("INVALID_CONFIG", `There are two configs: ${found.join(" and ")}. Keep one.`);
  const { config, files } = await read(path.join(root, name), root);
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new OrbitError(
      "INVALID_CONFIG",
      `Expected ${name} to hold an object, got ${inspect(config, { depth: 0 })}.`,
    );
  }
  const { port, strictPort, host, open, poll, build, ...routes }: Readonly<Record<string, unknown>> = {
    ...config,
  };
  const given = { port, strictPort, host, open, poll };
  const [wrong] = wrongServerOptions(given);
  if (wrong !== undefined) throw new OrbitError("INVALID_CONFIG", `${name}: expected ${wrong}`);
  const wrongBuild = wrongBuildOptions(build);
  if (wrongBuild.length > 0)
    throw new OrbitError("INVALID_OPTION", `${name}: ${wrongBuild.join("\n        ")}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each was just checked
  return { name, files, server: given as ServerOptions, routes, build: build as BuildOptions | undefined };
}

async function read(
  file: string,
  root: string,
): Promise<{ readonly config: unknown; readonly files: readonly string[] }> {
  if (!isData(file)) {
    // Vite's own loader: it compiles TypeScript and follows relative imports.
    const loaded = await namingFaults({ file, root }, async () =>
      loadConfigFromFile(SERVE, file, root, "silent"),
    );
    const imported = (loaded?.dependencies ?? []).map((name) => path.resolve(name));
    return { config: loaded?.config, files: [...new Set([file, ...imported])] };
  }
  try {
    const text = readFileSync(file, "utf8");
    return { config: file.endsWith(".json") ? JSON.parse(text) : parseToml(text), files: [file] };
  } catch (error) {
    throw configError(dataFault(error, file), { name: path.basename(file), root, cause: error });
  }
}

function isData(file: string): boolean {
  return /\.(?:json|toml)$/.test(file);
}

/** Both parsers say where; one of them draws below its sentence as well. */
function dataFault(error: unknown, file: string): ConfigFault {
  const [message = ""] = messageOf(error).split("\n");
  const place = error instanceof TomlError ? error : jsonPlace(message, readText(file) ?? "");
  const { line, column } = place ?? {};
  const shown = line === undefined || column === undefined ? undefined : { line, column };
  return { file, message, ...shown, frame: frameOf(file, shown) };
}

function jsonPlace(message: string, text: string): TextPosition | undefined {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return placeAt(text, Number(position));
  return /Unexpected end/.test(message) ? placeAt(text, text.trimEnd().length) : undefined;
}
