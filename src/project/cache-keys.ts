import { readdirSync, readlinkSync } from "node:fs";
import path from "node:path";
import { digestOf } from "../disk/disk.ts";
import { toolVersions } from "./oxc.ts";
import type { CacheKeys } from "./graph-cache.ts";
import type { ProjectFiles } from "./project-files.ts";
import type { SettingsDigest } from "./settings-digest.ts";

/** What the keys of the cache are made from. */
export interface CacheKeysInput {
  readonly root: string;
  readonly files: ProjectFiles;
  readonly settings: SettingsDigest;
  /** Everything else that decides how texts are read. */
  readonly reading: unknown;
  /** Everything else that decides where specifiers lead. */
  readonly resolving: unknown;
}

/** Raised when what is stored gets another meaning. */
const FORMAT = 4;

export function cacheKeys({ root, files, settings, reading, resolving }: CacheKeysInput): CacheKeys {
  const readingKey = digestOf(asText([FORMAT, toolVersions(), settings.reading, reading]));
  const names = files.all().toSorted();
  const links = linkedPackages(root, names);
  return {
    reading: readingKey,
    resolving: digestOf(asText([readingKey, settings.resolving, resolving, links]) + names.join("\n")),
  };
}

/** Where the links among the packages of the project lead: an installation may have changed that. */
function linkedPackages(root: string, names: readonly string[]): readonly string[] {
  const manifests = names.filter((file) => file.endsWith("/package.json"));
  const folders = new Set([root, ...manifests.map((file) => path.posix.dirname(file))]);
  return [...folders].flatMap((folder) => linksIn(`${folder}/node_modules`, true));
}

function linksIn(folder: string, hasScopes: boolean): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const at = `${folder}/${entry.name}`;
      if (entry.isSymbolicLink()) return [`${at} ${readlinkSync(at)}`];
      return hasScopes && entry.name.startsWith("@") ? linksIn(at, false) : [];
    });
  } catch {
    // Nothing is installed there.
    return [];
  }
}

/** Patterns and functions have no text of their own in JSON. */
function asText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part instanceof RegExp || typeof part === "function" ? String(part) : part,
  );
}
