import { OrbitError } from "../protocol/orbit-error.ts";

/** As in `engines` of package.json, in words. */
const NODE_NEEDED = "20.19 or 22.12 and newer";
/** As in `peerDependencies` of package.json; a Vite that is newer may be tried. */
export const VITE_RANGE = "^8.0.16";

/** @throws {OrbitError} `UNSUPPORTED_VERSION` for a Node that lacks what is used here */
export function requireNode(version: string): void {
  const [major, minor] = numbersOf(version);
  if (major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22) return;
  throw new OrbitError(
    "UNSUPPORTED_VERSION",
    `orbit-hmr needs Node ${NODE_NEEDED}; this is Node ${version}: https://nodejs.org`,
  );
}

/** @throws {OrbitError} `UNSUPPORTED_VERSION` for a Vite that lacks what is used here */
export function requireVite(version: string): void {
  const [major, minor, patch] = numbersOf(version);
  if (major > 8 || (major === 8 && (minor > 0 || patch >= 16))) return;
  throw new OrbitError(
    "UNSUPPORTED_VERSION",
    `orbit-hmr needs Vite ${VITE_RANGE}, and this project has Vite ${version}: npm install --save-dev vite@${VITE_RANGE}`,
  );
}

function numbersOf(version: string): readonly [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  return [major, minor, patch];
}
