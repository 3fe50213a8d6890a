import { lastMessage } from "../protocol/counters.ts";
import { CLIENT_PREFIX } from "./client-files.ts";
import { isPosted } from "./posted-pages.ts";

/** What the client of a page is told with it. */
export interface ClientFacts {
  readonly base: string;
  readonly apiPrefix: string;
  readonly showsOverlay: boolean;
  /** `false`: its config says that there is no websocket. */
  readonly hasSocket: boolean;
  /** The HTML file that it is made of. */
  readonly html?: string | undefined;
  /** The server that has made it. */
  readonly server?: string | undefined;
  /** The page is going to be named by its text, once that is finished. @default false */
  readonly isFinished?: boolean | undefined;
}

/** The attributes of the scripts that a page gets, first of all. */
export function clientScripts({
  base,
  apiPrefix,
  showsOverlay,
  hasSocket,
  html,
  server,
  isFinished = false,
}: ClientFacts): readonly ScriptAttributes[] {
  const at = (name: string): string => `${base}${CLIENT_PREFIX.slice(1)}${name}`;
  const { build, seq } = lastMessage();
  return [
    {
      src: at("boot.js"),
      "data-base": base,
      "data-api-prefix": apiPrefix,
      ...(!showsOverlay && { "data-overlay": "false" }),
      ...(!hasSocket && { "data-socket": "false" }),
      // What the page is made with: whatever is told from now on concerns it, although it is not connected yet.
      "data-build": build,
      "data-seq": String(seq),
      ...(server !== undefined && { "data-server": server }),
      ...(html !== undefined && { "data-html": html }),
      ...(isFinished && { "data-text": "" }),
      ...(isPosted() && { "data-posted": "" }),
    },
    { type: "module", src: at("page.js") },
  ];
}

type ScriptAttributes = Readonly<Record<string, string>>;
