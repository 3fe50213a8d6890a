import { existsSync } from "node:fs";
import { debuglog } from "node:util";
import { loadConfigFromFile, normalizePath } from "vite";
import type { UserConfig, ViteDevServer } from "vite";
import type { Restart } from "../../report/explain-settings.ts";
import type { ConfigFault } from "../../session/config-fault.ts";
import type { ConfigsPort, TakenConfigs } from "../../session/ports.ts";
import { announceRestart, envFilesOf, holdBackAnnouncements, isMadeWith } from "./environment-saves.ts";
import { Installation } from "./installation.ts";
import { SettingsTexts } from "./settings-texts.ts";
import { displayName } from "../../disk/file-names.ts";
import { savedAt } from "../../disk/file-kind.ts";

/** A program around the server that can start it anew in another process. */
export interface ServerHost {
  /** Configs of its own, with everything that they import. */
  readonly configs: readonly string[];
  /** Configs that are not there, and count as soon as they are. */
  readonly possibleConfigs: readonly string[];
  /** When the configs were read, in epoch milliseconds. */
  readonly readAt: number;
  /**
   * Read the configs once more.
   *
   * @throws when they cannot be read
   */
  check(): Promise<void>;
  /** Whether the server of this process can go on with another Vite config. */
  suits(config: UserConfig): Promise<boolean>;
  /** Start anew in another process. */
  restart(): void;
}

interface ServerRestartsPorts {
  readonly root: string;
  /** A file is in use from now on. */
  noteConfig(file: string): void;
  /** Load a config so that its faults can be told. */
  load<T>(file: string, body: () => Promise<T>): Promise<T>;
  faultOf(error: unknown, file: string): ConfigFault;
}

const debug = debuglog("orbit:restart");

/** A config that is younger than this may have been saved after it was read. */
const YOUNG_MS = 5000;

/**
 * Starts the server anew when something changed that it cannot take in: Vite's server for Vite's config, and the
 * process, where a host can do that, for packages and the host's configs.
 */
export class ServerRestarts implements ConfigsPort {
  readonly texts: SettingsTexts = new SettingsTexts();
  readonly #ports: ServerRestartsPorts;
  /** Configs that have been looked at. */
  readonly #noted = new Set<string>();
  #host: ServerHost | undefined;
  /** Configs of the host that are there. */
  #configsOfHost: readonly string[] = [];
  #installation: Installation | undefined;
  #vite: ViteDevServer;
  #restartVite: () => Promise<void> = async () => {};

  constructor(vite: ViteDevServer, ports: ServerRestartsPorts) {
    this.#ports = ports;
    this.#vite = vite;
    this.attach(vite);
  }

  get host(): ServerHost | undefined {
    return this.#host;
  }

  /** Files that configure the server. */
  get configs(): readonly string[] {
    const { configFile, configFileDependencies } = this.#vite.config;
    const ofVite = configFile === undefined ? [] : [configFile, ...configFileDependencies];
    return [...new Set([...ofVite, ...this.#configsOfHost])];
  }

  /**
   * Vite restarts at each save of its config and of the environment. Leave it to the loop, which knows what the save
   * means.
   */
  attach(vite: ViteDevServer): void {
    this.#vite = vite;
    this.#noteConfigs();
    const saved = new Set<string>();
    const configs = new Set([
      ...this.configs,
      ...envFilesOf(vite.config.envDir, vite.config.mode).map(normalizePath),
    ]);
    vite.watcher.on("all", (_event, file) => {
      if (configs.has(normalizePath(file))) saved.add(file);
    });
    const restart = vite.restart.bind(vite);
    const { logger } = vite.config;
    holdBackAnnouncements(logger);
    this.#restartVite = async () => {
      announceRestart(logger);
      await restart();
    };
    vite.restart = async (forceOptimize) => {
      if (saved.size === 0) return restart(forceOptimize);
      saved.clear();
      return undefined;
    };
  }

  /** From now on, a host restarts what this process cannot. */
  hostBy(host: ServerHost): void {
    this.#host = host;
    this.#findConfigsOfHost();
    this.#installation = new Installation(this.#ports.root, () => {
      debug("other packages are installed: the process restarts");
      host.restart();
    });
    this.#noteConfigs();
    this.#vite.watcher.add([...host.configs]);
    const now = Date.now();
    const isSavedSince = (file: string): boolean => savedAt(file) > host.readAt && savedAt(file) <= now;
    const saved = host.configs.find(isSavedSince);
    if (saved === undefined) return;
    debug("%s was saved after it was read: the process restarts", saved);
    host.restart();
  }

  close(): void {
    this.#installation?.close();
  }

  /** Packages will be others. Returns who makes that live. */
  notePackages(): Restart {
    this.#installation?.noteChange();
    return this.#host === undefined ? "user" : "process";
  }

  /** The configs among changed files; where names have changed, those too that were not there before. */
  configsAmong(changed: readonly string[]): string[] {
    const isRenamed = changed.includes(this.#ports.root);
    if (isRenamed) this.#findConfigsOfHost();
    return this.configs.filter((file) => changed.includes(file) || (isRenamed && !this.#noted.has(file)));
  }

  /** Judge saved configs, and restart what they configure. The server serves on while they cannot be loaded. */
  async take(files: readonly string[]): Promise<TakenConfigs> {
    const { texts } = this;
    for (const file of files) this.#noted.add(file);
    const saves = files.flatMap((file) => {
      const { impact, text } = texts.compare(file, "config") ?? {};
      return impact === undefined ? [] : [{ file, text, impact }];
    });
    const needed = saves.filter(({ impact }) => impact.effect !== "nothing").map(({ file }) => file);
    const { restart, broken } = await this.#restart(needed);
    const taken = saves.filter(({ file }) => broken === undefined || !needed.includes(file));
    // What the next process reads is not what this one runs with.
    if (restart !== "process") for (const { file, text } of taken) texts.accept(file, text);
    const classified = taken.map(({ file, impact: { effect, parts } }) => {
      return { file: this.#relative(file), effect, parts, restart };
    });
    return { classified, broken };
  }

  /** Browsers, this plugin and configs may have been made with the values before. Everybody else reads the new ones. */
  async takeKeys(files: readonly string[], keys: readonly string[]): Promise<Pick<TakenConfigs, "broken">> {
    if (!isMadeWith(keys, this.#vite.config, this.configs)) return { broken: undefined };
    return this.#restart(files);
  }

  #noteConfigs(): void {
    for (const file of this.configs) {
      this.#noted.add(file);
      this.#ports.noteConfig(file);
      if (Date.now() - savedAt(file) > YOUNG_MS) this.texts.note(file);
    }
  }

  /** Restart what the files configure. Returns who does it, or why that is not possible with the files as they are. */
  async #restart(files: readonly string[]): Promise<Pick<TakenConfigs, "broken"> & { restart: Restart }> {
    if (files.length === 0) return { restart: "vite", broken: undefined };
    const host = this.#host;
    const vite = this.#vite;
    const { config } = vite;
    const ofHost = files.find((file) => this.#configsOfHost.includes(file));
    try {
      if (ofHost !== undefined) await host?.check();
      const isOther = ofHost !== undefined || !(await this.#isSuited());
      if (host !== undefined && isOther) {
        debug("%o changed: the process restarts", files);
        host.restart();
        return { restart: "process", broken: undefined };
      }
      debug("%o changed: Vite restarts its server", files);
      await this.#restartVite();
      if (vite.config === config) throw new Error("Vite could not start with it, and has said why.");
      return { restart: "vite", broken: undefined };
    } catch (error) {
      const fault = this.#ports.faultOf(error, ofHost ?? config.configFile ?? "");
      return { restart: "vite", broken: { ...fault, file: this.#relative(fault.file) } };
    }
  }

  /** Load Vite's config as Vite is about to do: a failure is known before anything is given up. */
  async #isSuited(): Promise<boolean> {
    const { configFile, root, mode, inlineConfig } = this.#vite.config;
    if (configFile === undefined) return true;
    if (this.#host !== undefined && !existsSync(configFile)) return false;
    const loaded = await this.#ports.load(configFile, async () =>
      loadConfigFromFile(
        { command: "serve", mode },
        configFile,
        root,
        "silent",
        undefined,
        inlineConfig.configLoader,
      ),
    );
    return this.#host?.suits(loaded?.config ?? {}) ?? true;
  }

  #relative(file: string): string {
    return displayName(this.#ports.root, file);
  }

  #findConfigsOfHost(): void {
    const { configs = [], possibleConfigs = [] } = this.#host ?? {};
    this.#configsOfHost = [...configs, ...possibleConfigs.filter((file) => existsSync(file))];
  }
}
