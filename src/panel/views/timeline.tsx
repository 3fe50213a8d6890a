import type { JSX } from "preact";
import type { BuildStatus } from "../../protocol/build.ts";
import type { TimelineEntry, TimelineReload } from "../../protocol/panel.ts";
import { labelOf } from "../../report/reload-words.ts";
import { counted, inMs, placeText, timeOf } from "../words.ts";
import { Badge, Empty, Fact, Section, Names } from "./parts.tsx";
import type { Tone } from "./parts.tsx";

/** What has happened, the newest first. */
export function TimelineView({ timeline }: { readonly timeline: readonly TimelineEntry[] }): JSX.Element {
  return (
    <Section title="Timeline">
      {timeline.length === 0 ? <Empty>Nothing has been saved yet. Each save is one line here.</Empty> : null}
      <TimelineList entries={timeline} />
    </Section>
  );
}

export function TimelineList({ entries }: { readonly entries: readonly TimelineEntry[] }): JSX.Element {
  return (
    <ol class="rows timeline" reversed>
      {entries.map((entry) => (
        <Entry key={entry.number} entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ entry: { at, fact } }: { readonly entry: TimelineEntry }): JSX.Element {
  const time = (
    <time class="number muted" dateTime={new Date(at).toISOString()}>
      {timeOf(at)}
    </time>
  );
  switch (fact.event) {
    case "reload":
      return <Reload time={time} reload={fact} />;
    case "error":
      return (
        <li>
          <details>
            <summary class="row">
              {time}
              <Badge tone="bad">failed</Badge>
              <span class="what">
                {placeText(fact)} {fact.message}
              </span>
            </summary>
            <dl class="facts">
              <Fact term="routes">
                {fact.routes.shown.length === 0 ? "none" : <Names names={fact.routes} />}
              </Fact>
            </dl>
          </details>
        </li>
      );
    case "build":
      return (
        <li class="row">
          {time}
          <Badge tone={BUILD_TONES[fact.status]}>{fact.status}</Badge>
          <span class="what">{fact.summary}</span>
          <span class="number muted">{Math.round(fact.ms)} ms</span>
        </li>
      );
    case "recovered":
  }
  return (
    <li class="row">
      {time}
      <Badge tone="good">recovered</Badge>
      <span class="what">
        <Names names={fact.routes} />
      </span>
    </li>
  );
}

const BUILD_TONES: Readonly<Record<BuildStatus, Tone>> = {
  starting: "quiet",
  completed: "accent",
  unchanged: "quiet",
  failed: "bad",
  superseded: "quiet",
};

const TONES: Readonly<Record<string, Tone>> = {
  reloaded: "accent",
  browser: "quiet",
  skipped: "quiet",
  config: "warn",
};

function Reload({
  time,
  reload,
}: {
  readonly time: JSX.Element;
  readonly reload: TimelineReload;
}): JSX.Element {
  const { strategy, summary, reason, ms, version, files, routes, ran, kept, reset, closed, tabs } = reload;
  const label = labelOf(strategy);
  return (
    <li>
      <details>
        <summary class="row">
          {time}
          <Badge tone={TONES[label] ?? "accent"}>{label}</Badge>
          <span class="what">{summary}</span>
          <span class="number">{ms > 0 ? inMs(ms) : ""}</span>
          <span class="number muted">v{version}</span>
        </summary>
        <dl class="facts">
          <Fact term="reason">{reason}</Fact>
          <Fact term="reach">{strategy}</Fact>
          <Fact term="saved" isThere={files.shown.length > 0}>
            <Names names={files} />
          </Fact>
          <Fact term="routes" isThere={routes.shown.length > 0}>
            <Names names={routes} />
          </Fact>
          <Fact term="ran" isThere={ran.shown.length > 0}>
            <Names names={ran} />
          </Fact>
          <Fact term="kept" isThere={kept.shown.length > 0}>
            <Names names={kept} />
          </Fact>
          <Fact term="reset" isThere={reset.shown.length > 0}>
            <ul class="plain">
              {reset.shown.map(({ name, why }) => (
                <li key={name}>
                  <code>{name}</code> <span class="muted">{why}</span>
                </li>
              ))}
            </ul>
          </Fact>
          <Fact term="closed" isThere={closed.shown.length > 0}>
            <Closed closed={closed} />
          </Fact>
          <Fact term="pages" isThere={tabs.shown.length > 0}>
            <Pages tabs={tabs} />
          </Fact>
          <Fact term="then" isThere={reload.requiresRestart === true}>
            It is in effect after a restart by hand.
          </Fact>
        </dl>
      </details>
    </li>
  );
}

function Closed({ closed }: Pick<TimelineReload, "closed">): JSX.Element {
  return (
    <ul class="plain">
      {closed.shown.map(({ kind, module, count }) => (
        <li key={kind + module}>
          {counted(count, kind)} <span class="muted">of</span> <code>{module}</code>
        </li>
      ))}
    </ul>
  );
}

function Pages({ tabs }: Pick<TimelineReload, "tabs">): JSX.Element {
  return (
    <ul class="plain">
      {tabs.shown.map(({ id, url, result }) => (
        <li key={id}>
          <code>{url}</code>{" "}
          <span class="muted">{result === "applied" ? "has taken it in" : "has failed with it"}</span>
        </li>
      ))}
      {tabs.more > 0 ? <li class="muted">and {tabs.more.toLocaleString()} more</li> : null}
    </ul>
  );
}
