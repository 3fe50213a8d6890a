import type { ComponentChildren, JSX } from "preact";
import type { PanelParts, TimelineEntry } from "../../protocol/panel.ts";
import { counted, inMs } from "../words.ts";
import { ErrorList } from "./errors.tsx";
import { Empty, Section } from "./parts.tsx";
import { TimelineList } from "./timeline.tsx";

/** So many lines tell what has happened last. */
const LAST_LINES = 6;

/** What one wants to know at a glance. */
export function OverviewView({
  parts,
  timeline,
}: {
  readonly parts: PanelParts;
  readonly timeline: readonly TimelineEntry[];
}): JSX.Element {
  const { errors } = parts;
  return (
    <>
      <Numbers parts={parts} />
      <Times timeline={timeline} />
      {errors.length > 0 ? (
        <Section title="Broken now" count={errors.length}>
          <ErrorList errors={errors.slice(0, 3)} />
          {errors.length > 3 ? (
            <p>
              <a href="#/errors">All {errors.length} errors</a>
            </p>
          ) : null}
        </Section>
      ) : null}
      <Section title="Last saves">
        {timeline.length === 0 ? <Empty>Save a file, and what becomes of it is told here.</Empty> : null}
        <TimelineList entries={timeline.slice(0, LAST_LINES)} />
        {timeline.length > LAST_LINES ? (
          <p>
            <a href="#/timeline">Everything that has happened</a>
          </p>
        ) : null}
      </Section>
    </>
  );
}

function Numbers({ parts: { overview, routes, tabs } }: { readonly parts: PanelParts }): JSX.Element {
  const { hmr, dependencies, version } = overview;
  const fresh = routes.filter(({ status }) => status === "fresh").length;
  const broken = routes.filter(({ status }) => status === "broken").length;
  const { p50, p95, max } = hmr.reloadMs;
  return (
    <section aria-label="Numbers" class="cards">
      <Card title="Live version" figure={`v${version}`}>
        {counted(hmr.commits, "commit")}, {counted(hmr.failures, "failure")}
      </Card>
      <Card title="Save to live" figure={p50 > 0 ? inMs(p50) : "–"}>
        {p50 > 0 ? `median; p95 ${inMs(p95)}, longest ${inMs(max)}` : "no save has run code yet"}
      </Card>
      <Card title="Routes" figure={routes.length.toLocaleString()}>
        {fresh} loaded{broken > 0 ? <b class="bad-text">, {broken} broken</b> : null}
      </Card>
      <Card title="Modules" figure={dependencies.modules.toLocaleString()}>
        {counted(dependencies.edges, "import")}
        {dependencies.cycles > 0 ? `, ${counted(dependencies.cycles, "cycle")}` : ""}
      </Card>
      <Card title="Pages" figure={tabs.length.toLocaleString()}>
        {tabs.filter(({ isVisible }) => isVisible).length} in view
      </Card>
    </section>
  );
}

function Card({
  title,
  figure,
  children,
}: {
  readonly title: string;
  readonly figure: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="card">
      <h2>{title}</h2>
      <p class="figure">{figure}</p>
      <p class="muted">{children}</p>
    </div>
  );
}

/** So many saves have a bar. */
const BARS = 60;

/** How long the last saves took, as bars: the eye finds the slow one. */
function Times({ timeline }: { readonly timeline: readonly TimelineEntry[] }): JSX.Element | null {
  const reloads = timeline
    .flatMap(({ number, fact }) => (fact.event === "reload" && fact.ms > 0 ? [{ number, ...fact }] : []))
    .slice(0, BARS)
    .toReversed();
  if (reloads.length < 3) return null;
  const longest = Math.max(...reloads.map(({ ms }) => ms));
  const label = `The last ${reloads.length} saves took ${inMs(Math.min(...reloads.map(({ ms }) => ms)))} to ${inMs(longest)}.`;
  return (
    <section class="times" aria-label="Times">
      <svg viewBox={`0 0 ${BARS * 4} 32`} preserveAspectRatio="xMinYMax meet" role="img" aria-label={label}>
        {reloads.map(({ number, ms, summary }, at) => {
          const height = Math.max(2, (ms / longest) * 30);
          return (
            <rect key={number} x={at * 4} y={32 - height} width={3} height={height} rx={1}>
              <title>{`${inMs(ms)}: ${summary}`}</title>
            </rect>
          );
        })}
      </svg>
      <p class="muted">{label}</p>
    </section>
  );
}
