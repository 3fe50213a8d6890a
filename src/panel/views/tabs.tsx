import type { JSX } from "preact";
import type { PanelTab } from "../../protocol/panel.ts";
import { Badge, Section } from "./parts.tsx";

/** The pages that are open. */
export function TabsView({
  tabs,
  own,
}: {
  readonly tabs: readonly PanelTab[];
  /** Names the page with the panel itself. */
  readonly own: string;
}): JSX.Element {
  return (
    <Section title="Pages" count={tabs.length}>
      <ul class="rows tabs">
        {tabs.map(({ id, url, isVisible, isLocal }) => (
          <li key={id} class="row">
            <span class="path">{url}</span>
            <span class="muted">{id === own ? "this page" : isLocal ? "" : "on another computer"}</span>
            <span class="end">
              <Badge tone={isVisible ? "good" : "quiet"}>{isVisible ? "in view" : "in the background"}</Badge>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
