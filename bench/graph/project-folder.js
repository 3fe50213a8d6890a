import { existsSync, realpathSync } from "node:fs";

const howToGetOne = (script) =>
  `Usage: node bench/graph/${script} <folder of a project> [folders below it]. Any project with API routes does; for a large ` +
  `one: git clone --depth 1 https://github.com/civitai/civitai, then link its packages/* into node_modules.`;

/** The project that the script was given and the folders to look at; without one it ends with how to get one. */
export function projectFolder(script) {
  const [folder, ...folders] = process.argv.slice(2);
  if (folder === undefined || !existsSync(folder)) {
    console.error(howToGetOne(script));
    process.exit(2);
  }
  return { root: realpathSync(folder), folders };
}
