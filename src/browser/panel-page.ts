import type { IncomingMessage, ServerResponse } from "node:http";
import { CLIENT_PREFIX } from "./client-files.ts";
import { clientScripts } from "./client-scripts.ts";
import { htmlText, scriptTag } from "./html-text.ts";

/** Where the panel is, among the pages of a project. */
export interface PanelPlace {
  /** Of the project, with a slash at the end. */
  readonly base: string;
  readonly apiPrefix: string;
}

/** Answer with the page of the live panel. It is the same for everybody: what it shows comes over the websocket. */
export function answerPanelPage(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  place: PanelPlace,
): void {
  incoming.resume();
  outgoing.setHeader("content-type", "text/html; charset=utf-8");
  outgoing.setHeader("content-security-policy", POLICY);
  outgoing.setHeader("referrer-policy", "no-referrer");
  outgoing.end(incoming.method === "HEAD" ? undefined : panelPage(place));
}

/** Scripts and styles are files of this server, and nobody shows the page inside of another. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  // The websocket may have a port of its own.
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function panelPage({ base, apiPrefix }: PanelPlace): string {
  const at = (name: string): string => `${base}${CLIENT_PREFIX.slice(1)}${name}`;
  // Errors have a part of the panel to themselves.
  const client = clientScripts({ base, apiPrefix, showsOverlay: false, hasSocket: true });
  const scripts = [...client, { type: "module", src: at("panel.js") }];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>orbit-hmr</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='6.5' fill='none' stroke='%236366f1' stroke-width='1.5'/%3E%3Ccircle cx='12.6' cy='3.4' r='2.6' fill='%236366f1'/%3E%3C/svg%3E">
<link rel="stylesheet" href="${htmlText(at("panel.css"))}">
${scripts.map(scriptTag).join("\n")}
</head>
<body>
<div id="panel"><noscript>This page needs JavaScript. Programs get the same as JSON.</noscript></div>
</body>
</html>
`;
}
