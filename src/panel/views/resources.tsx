import type { JSX } from "preact";
import type { ResourceStatus } from "../../protocol/status.ts";
import { agoOf } from "../words.ts";
import { Empty, Section } from "./parts.tsx";

/** What server code has opened and not closed. */
export function ResourcesView({ resources }: { readonly resources: readonly ResourceStatus[] }): JSX.Element {
  return (
    <Section title="Resources" count={resources.length}>
      {resources.length === 0 ? (
        <Empty>No module has a timer, a listener, a server or a client open.</Empty>
      ) : null}
      <ul class="rows resources">
        {resources.map(({ module, kind, since }, at) => (
          <li key={`${module} ${kind} ${since} ${at}`} class="row">
            <span class="path">{kind}</span>
            <span class="file">{module}</span>
            <span class="end muted number">open for {agoOf(since)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
