import path from "node:path";
import type { EnvironmentOptions, Plugin, UserConfig } from "vite";
import { GlobFolders } from "../project/index.ts";
import { bundlerSettings } from "./bundler-settings.ts";
import { ENVIRONMENT } from "../protocol/environment-name.ts";
import { directTextsOf } from "./direct-texts.ts";
import type { ClosurePaths } from "../session/closure-paths.ts";

/**
 * An environment that only transforms. It resolves as the project's `ssr` settings say, for that is where people configure server code.
 *
 * @param tracksPackages packages are modules like any other, and replaced when they are edited
 */
export function environmentOptions({ ssr }: UserConfig, tracksPackages: boolean): EnvironmentOptions {
  const noExternal = tracksPackages ? true : ssr?.noExternal;
  return {
    consumer: "server",
    resolve: {
      ...(ssr?.resolve?.conditions === undefined ? {} : { conditions: ssr.resolve.conditions }),
      ...(noExternal === undefined ? {} : { noExternal }),
      // One instance, whichever way the package is installed: state must not exist twice.
      external: ssr?.external === true ? true : ["orbit-hmr", ...(ssr?.external ?? [])],
    },
    dev: {
      // The runtime takes modules as they are written in JavaScript: it reads them anyway.
      moduleRunnerTransform: false,
    },
  };
}

/** Looks on as Vite resolves and reads server modules, so that every later look at the disk can be compared. */
export function watchReads(
  session: () => { readonly root: string; readonly paths: ClosurePaths } | undefined,
): Plugin {
  let globs: GlobFolders | undefined;
  return {
    name: "orbit-hmr:reads",
    applyToEnvironment: ({ name }) => name === ENVIRONMENT,
    configResolved(config) {
      globs = new GlobFolders(config.root, bundlerSettings(config).resolve);
    },
    resolveId: {
      order: "pre",
      // Aliases have been replaced by now: what they lead to is absolute.
      filter: { id: /^(?:\.\.?\/|\/|[A-Za-z]:\/)/ },
      handler(specifier, importer) {
        if (importer !== undefined) session()?.paths.noteResolution(fileOfId(specifier), fileOfId(importer));
        return null;
      },
    },
    load: {
      order: "pre",
      filter: { id: /^(?:\/|[A-Za-z]:\/)[^\0]*$/ },
      handler(id) {
        const file = path.normalize(fileOfId(id));
        const current = session();
        if (current === undefined) return null;
        if (!SOURCE.test(id)) {
          current.paths.noteRead(file);
          return null;
        }
        const code = current.paths.readText(file);
        // Vite says that it is missing, in the words its users know.
        if (code === undefined) return null;
        current.paths.forgetPlaces(file);
        current.paths.noteGlobs(file, globs?.of(file, code) ?? []);
        // Reading here saves a detour through every loader; where another plugin loads sources it keeps its turn.
        return directTextsOf(this.environment).noteWritten(id, code) ? code : null;
      },
    },
  };
}

/**
 * A package that cannot be had as it was asked for is not there, for whoever asks. Vite throws where `exports` do not lead
 * anywhere, and would refuse the whole text for it, be it a text that catches the error.
 */
export function leaveMissingPackages(): Plugin {
  return {
    name: "orbit-hmr:packages",
    applyToEnvironment: ({ name }) => name === ENVIRONMENT,
    resolveId: {
      order: "pre",
      filter: { id: /^[^./\0][^:]*$/ },
      async handler(specifier, importer, options) {
        if (importer === undefined) return null;
        try {
          return await this.resolve(specifier, importer, { ...options, skipSelf: true });
        } catch {
          // As Vite marks what its aliases lead to in vain: the text stays as it is.
          return { id: specifier, meta: { "vite:alias": { noResolved: true } } };
        }
      },
    },
  };
}

/** What is read as it is, without a query that asks for something else. */
const SOURCE = /^[^?]*\.(?:[cm]?[jt]sx?|json)$/;

function fileOfId(id: string): string {
  return id.replace(/\?.*$/s, "");
}
