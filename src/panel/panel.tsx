import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { hubOf } from "../client/page-hub.ts";
import type { PageHub } from "../client/page-hub.ts";
import { PanelApp } from "./panel-app.tsx";
import { PanelLink } from "./panel-link.ts";
import { NOTHING_KNOWN_YET, viewAfterNews } from "./panel-view.ts";
import type { PanelView } from "./panel-view.ts";

const hub = hubOf(window);
const place = document.querySelector("#panel");
if (hub !== undefined && place !== null) {
  place.replaceChildren();
  render(<LivePanel hub={hub} />, place);
}

/** Shows what the server tells. */
function LivePanel({ hub: page }: { readonly hub: PageHub }): JSX.Element {
  const [view, setView] = useState(NOTHING_KNOWN_YET);
  const link = useMemo(() => new PanelLink(page), [page]);
  useEffect(
    () =>
      link.listen({
        onNews: (news) => setView((before) => viewAfterNews(before, news)),
        onLost: () => setView((before) => ({ ...before, isConnected: false })),
        onNotice: (notice) => setView((before) => ({ ...before, notice })),
      }),
    [link],
  );
  useEffect(() => {
    document.title = titleOf(view);
  }, [view]);
  return (
    <PanelApp
      view={view}
      own={page.tab}
      link={link}
      onNoticeRead={() => setView((before) => ({ ...before, notice: "" }))}
    />
  );
}

function titleOf({ parts }: PanelView): string {
  const errors = parts?.errors.length ?? 0;
  return errors === 0 ? "orbit-hmr" : `(${errors}) orbit-hmr`;
}
