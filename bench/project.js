import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** A project in a temporary folder, removed by `remove()`. */
export function createProject(files) {
  const root = mkdtempSync(path.join(tmpdir(), "orbit-bench-"));
  mkdirSync(path.join(root, "node_modules"));
  symlinkSync(repository, path.join(root, "node_modules/orbit-hmr"), "dir");
  const write = (name, text) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const link = (name, target) => {
    const place = path.join(root, "node_modules", name);
    mkdirSync(path.dirname(place), { recursive: true });
    symlinkSync(target, place, "dir");
  };
  return { root, write, link, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** The text of a route that imports a chain of shared modules; `mark` tells one edit from the next. */
export function routeText(index, mark, sharedCount) {
  const first = index % sharedCount;
  const second = (index + 7) % sharedCount;
  return `import { value as first, label } from "../../lib/shared-${first}.ts";
import { value as second } from "../../lib/shared-${second}.ts";

interface Answer {
  readonly mark: string;
  readonly first: number;
  readonly second: number;
  readonly label: string;
}

const mark: string = "${mark}";

function answer(): Answer {
  return { mark, first: first(), second: second(), label: label("route ${index}") };
}

export function GET(request: Request): Response {
  const url = new URL(request.url);
  const name = url.searchParams.get("name") ?? "nobody";
  return Response.json({ ...answer(), name });
}
`;
}

/** A shared module; all of them lead to module 0, the deep dependency. */
export function sharedText(index, mark) {
  const imports =
    index === 0 ? "" : `import { value as below } from "./shared-${Math.floor((index - 1) / 2)}.ts";\n`;
  const below = index === 0 ? `deepMark.length` : "below()";
  return `${imports}
export const deepMark: string = "${mark}";

export function value(): number {
  return ${below} + ${index};
}

export function label(text: string): string {
  return \`\${text} of shared module ${index}\`;
}
`;
}

/** 50 routes over 30 shared modules: every route reaches the deep one. */
export function fiftyRoutes() {
  const files = {};
  for (let index = 0; index < SHARED; index++) files[`lib/shared-${index}.ts`] = sharedText(index, "start");
  for (let index = 0; index < ROUTES; index++)
    files[`pages/api/r${index}.ts`] = routeText(index, "start", SHARED);
  return files;
}

export const ROUTES = 50;
export const SHARED = 30;
