import { clientScripts } from "./client-scripts.ts";
import { htmlText, scriptTag } from "./html-text.ts";
import type { PanelPlace } from "./panel-page.ts";

/** A page for who comes before there is anything to show: what has gone wrong stands over it, and the site takes its place. */
export function buildPage(tool: string, { base, apiPrefix }: PanelPlace): string {
  const scripts = clientScripts({ base, apiPrefix, showsOverlay: true, hasSocket: true });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Building…</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
${scripts.map((script) => scriptTag({ ...script, "data-awaits-build": "" })).join("\n")}
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Building…</h1>
<p>The page is here as soon as <code>${htmlText(tool)}</code> has succeeded.</p>
</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#fbfbfd, #15161a); color: light-dark(#1d1e24, #e6e7ec); }
main { max-width: 60rem; margin: 0 auto; padding: 3rem 1.5rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
`;
