import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RouteStatus } from "../../protocol/status.ts";
import { counted } from "../words.ts";
import { Badge, Empty, Filter, Section } from "./parts.tsx";
import type { Tone } from "./parts.tsx";

/** More rows than anybody reads are not drawn. */
const MAX_ROWS = 300;

const TONES: Readonly<Record<RouteStatus["status"], Tone>> = {
  fresh: "good",
  broken: "bad",
  unloaded: "quiet",
};

/** All routes, those that are broken first. */
export function RoutesView({ routes }: { readonly routes: readonly RouteStatus[] }): JSX.Element {
  const [wanted, setWanted] = useState("");
  const text = wanted.trim().toLowerCase();
  const found = routes
    .filter(({ path, file }) => path.toLowerCase().includes(text) || file.toLowerCase().includes(text))
    .toSorted((a, b) => Number(b.status === "broken") - Number(a.status === "broken"));
  return (
    <Section
      title="Routes"
      count={routes.length}
      aside={
        routes.length > 8 ? (
          <Filter label="Filter by path or file" value={wanted} onChange={setWanted} />
        ) : null
      }
    >
      {routes.length === 0 ? (
        <Empty>There are no routes yet. A file in the folder of routes makes one.</Empty>
      ) : null}
      {routes.length > 0 && found.length === 0 ? (
        <Empty>No route has “{wanted}” in its path or file.</Empty>
      ) : null}
      <ul class="rows routes">
        {found.slice(0, MAX_ROWS).map((route) => (
          <Route key={route.path} route={route} />
        ))}
      </ul>
      {found.length > MAX_ROWS ? (
        <p class="muted">
          and {counted(found.length - MAX_ROWS, "more route", "more routes")}: the filter finds them.
        </p>
      ) : null}
    </Section>
  );
}

function Route({ route }: { readonly route: RouteStatus }): JSX.Element {
  const { path, file, methods, version, status, dependencies, error } = route;
  return (
    <li class="row">
      <span class="path">{path}</span>
      <span class="methods">
        {inUsualOrder(methods).map((method) => (
          <span key={method} class="method">
            {method}
          </span>
        ))}
      </span>
      <span class="file">{file}</span>
      <span class="number muted">{dependencies === 0 ? "" : counted(dependencies, "module")}</span>
      <span class="number">{version > 0 ? `v${version}` : ""}</span>
      <span class="end">
        <Badge tone={TONES[status]}>{status === "unloaded" ? "not asked yet" : status}</Badge>
      </span>
      {error === undefined ? null : <p class="error-line">{error}</p>}
    </li>
  );
}

const USUAL_ORDER = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

function inUsualOrder(methods: readonly string[]): readonly string[] {
  return methods.toSorted((a, b) => USUAL_ORDER.indexOf(a) - USUAL_ORDER.indexOf(b));
}
