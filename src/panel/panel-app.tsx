import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PanelParts } from "../protocol/panel.ts";
import { LinkContext } from "./link-context.ts";
import type { PanelLink } from "./panel-link.ts";
import type { PanelView } from "./panel-view.ts";
import { GraphView } from "./views/graph.tsx";
import { ErrorsView } from "./views/errors.tsx";
import { OverviewView } from "./views/overview.tsx";
import { ResourcesView } from "./views/resources.tsx";
import { RoutesView } from "./views/routes.tsx";
import { StateListView } from "./views/state.tsx";
import { TabsView } from "./views/tabs.tsx";
import { TimelineView } from "./views/timeline.tsx";

const VIEWS = ["overview", "routes", "timeline", "graph", "state", "resources", "errors", "pages"] as const;
type ViewName = (typeof VIEWS)[number];

/** What the panel shows, and what it may ask. */
interface PanelProps {
  readonly view: PanelView;
  /** Names the page with the panel itself. */
  readonly own: string;
  readonly link: PanelLink;
  readonly onNoticeRead: () => void;
}

/** Where the panel has its tabs, and what is in the one that the address names. */
export function PanelApp(props: PanelProps): JSX.Element {
  const { view, link, onNoticeRead } = props;
  const { name, rest } = useAddress();
  const { parts, isConnected } = view;
  return (
    <LinkContext.Provider value={link}>
      <header class="top">
        <h1>
          <span aria-hidden="true" class="mark" />
          orbit-hmr
        </h1>
        <p class={`link ${isConnected ? "good" : "bad"}`} role="status">
          {isConnected ? "live" : "waiting for the server"}
        </p>
        <nav aria-label="Parts of the panel">
          {VIEWS.map((each) => (
            <a
              key={each}
              href={`#/${each}`}
              aria-current={each === name ? "page" : undefined}
              // Where the page is narrow the links are wider than it.
              ref={(element) =>
                void (each === name && element?.scrollIntoView({ inline: "nearest", block: "nearest" }))
              }
            >
              {labelFor(each)}
              {parts === undefined ? null : <Count view={each} parts={parts} />}
            </a>
          ))}
        </nav>
      </header>
      <main aria-label={labelFor(name)}>
        {parts === undefined ? (
          <p class="empty">Waiting for the server …</p>
        ) : (
          <Shown name={name} rest={rest} parts={parts} {...props} />
        )}
      </main>
      <div class="notice" role="alert">
        {view.notice === "" ? null : (
          <>
            <p>{view.notice}</p>
            <button type="button" onClick={onNoticeRead}>
              Close
            </button>
          </>
        )}
      </div>
    </LinkContext.Provider>
  );
}

function labelFor(view: ViewName): string {
  return `${view.slice(0, 1).toUpperCase()}${view.slice(1)}`;
}

function Shown({
  name,
  parts,
  view,
  own,
  rest,
}: PanelProps & Address & { readonly parts: PanelParts }): JSX.Element {
  switch (name) {
    case "overview":
      return <OverviewView parts={parts} timeline={view.timeline} />;
    case "routes":
      return <RoutesView routes={parts.routes} />;
    case "timeline":
      return <TimelineView timeline={view.timeline} />;
    case "graph":
      return <GraphView version={parts.overview.version} wanted={rest} />;
    case "state":
      return <StateListView state={parts.state} cache={parts.cache} />;
    case "resources":
      return <ResourcesView resources={parts.resources} />;
    case "errors":
      return <ErrorsView errors={parts.errors} />;
    case "pages":
  }
  return <TabsView tabs={parts.tabs} own={own} />;
}

function Count({ view, parts }: { readonly view: ViewName; readonly parts: PanelParts }): JSX.Element | null {
  const counts: Partial<Record<ViewName, number>> = {
    routes: parts.routes.length,
    state: parts.state.length + parts.cache.length,
    resources: parts.resources.length,
    errors: parts.errors.length,
    pages: parts.tabs.length,
  };
  const count = counts[view];
  if (count === undefined || count === 0) return null;
  return <span class={view === "errors" ? "count bad" : "count"}>{count.toLocaleString()}</span>;
}

/** What the address names behind its sign. */
interface Address {
  readonly name: ViewName;
  /** What within that is meant. */
  readonly rest: string;
}

/** The part that the address names: a link leads there, and so does the way back. */
function useAddress(): Address {
  const [address, setAddress] = useState(readAddress);
  useEffect(() => {
    const read = (): void => setAddress(readAddress());
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  return address;
}

function readAddress(): Address {
  const [, first = "", rest = ""] = /^#\/([^/]*)\/?(.*)$/.exec(location.hash) ?? [];
  return { name: VIEWS.find((view) => view === first) ?? "overview", rest: decoded(rest) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Somebody has written the address.
    return text;
  }
}
