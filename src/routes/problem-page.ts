import type { ProblemDetails } from "./problem-details.ts";
import type { Route } from "./route-claims.ts";

/** What makes a page about a problem heal by itself. */
export type PageClient = {
  /** The attributes of its scripts. */
  readonly scripts: readonly Readonly<Record<string, string>>[];
  /** How the page was asked for. */
  readonly method: string;
};

/** A problem as a page for people, with everything set as text. Nothing is loaded but the client, where there is one. */
export function renderProblemPage(
  problem: ProblemDetails,
  routes: readonly Route[] = [],
  client?: PageClient,
): string {
  const title = escapeHtml(problem.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${renderScripts(client)}<title>${problem.status} ${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="status">${problem.status}</p>
<h1>${title}</h1>
<p class="detail">${escapeHtml(problem.detail)}</p>
${renderPlace(problem)}${renderFrame(problem.frame)}${renderRoutes(routes)}${renderVersion(problem.version)}${client === undefined ? "" : STATUS}</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#fbfbfd, #15161a); color: light-dark(#1d1e24, #e6e7ec); }
main { max-width: 60rem; margin: 0 auto; padding: 3rem 1.5rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1rem; }
ul { margin: 0; padding: 0; list-style: none; line-height: 1.75; }
a { color: inherit; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; }
.status { margin: 0; color: light-dark(#c02039, #ff7d8e); font-weight: 600; }
.detail { white-space: pre-wrap; overflow-wrap: anywhere; }
.place, .version { color: light-dark(#5b5e6b, #a0a4b3); font-size: .875rem; }
pre { overflow-x: auto; padding: 1rem; border-radius: .5rem; background: light-dark(#eeeff4, #202229); }
code, pre, .place { font-family: ui-monospace, monospace; }
`;

const STATUS = `<p role="status"></p>\n`;

function renderScripts(client: PageClient | undefined): string {
  if (client === undefined) return "";
  const scripts = client.scripts.map((script) => {
    const attributes = Object.entries({ ...script, "data-problem-method": client.method });
    return `<script ${attributes.map(([name, value]) => `${name}="${escapeHtml(value)}"`).join(" ")}></script>\n`;
  });
  return scripts.join("");
}

function renderPlace({ file, line, column }: ProblemDetails): string {
  if (file === undefined) return "";
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return `<p class="place">${escapeHtml(place)}</p>\n`;
}

function renderFrame(frame: string | undefined): string {
  return frame === undefined ? "" : `<pre><code>${escapeHtml(frame)}</code></pre>\n`;
}

function renderRoutes(routes: readonly Route[]): string {
  if (routes.length === 0) return "";
  const items = routes.map(({ path, file }) => {
    const shown = escapeHtml(path);
    // What has parameters is no address.
    const link = path.includes("/:") ? shown : `<a href="${escapeHtml(encodeURI(path))}">${shown}</a>`;
    return `<li><code>${link}</code> <span class="place">${escapeHtml(file)}</span></li>\n`;
  });
  return `<h2>Routes</h2>\n<ul>\n${items.join("")}</ul>\n`;
}

function renderVersion(version: number | undefined): string {
  return version === undefined ? "" : `<p class="version">Version ${version}</p>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
