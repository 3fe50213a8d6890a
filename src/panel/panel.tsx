import { render } from "preact";
import { hubOf } from "../client/page-hub.ts";
import type { PageHub } from "../client/page-hub.ts";
import { PanelApp } from "./panel-app.tsx";
import { NOTHING_KNOWN_YET, viewAfterNews } from "./panel-view.ts";
import type { PanelView } from "./panel-view.ts";
import { askOver } from "./state-link.ts";
import type { AskAboutState } from "./state-link.ts";

const hub = hubOf(window);
const place = document.querySelector("#panel");
if (hub !== undefined && place !== null) {
  place.replaceChildren();
  void run(hub, place);
}

/** Show what the server tells, as long as somebody sees it. */
async function run(page: PageHub, into: Element): Promise<void> {
  const asking = page.reached.then(askOver);
  const ask: AskAboutState = async (question) => (await asking)(question);
  let view = NOTHING_KNOWN_YET;
  const show = (next: PanelView): void => {
    view = next;
    document.title = titleOf(view);
    render(
      <PanelApp
        view={view}
        own={page.tab}
        ask={ask}
        openPlace={(at) => void page.reached.then((link) => link.send("orbit:open-in-editor", at))}
        onNoticeRead={() => show({ ...view, notice: "" })}
      />,
      into,
    );
  };
  show(view);
  const link = await page.reached;
  link.on("orbit:panel-data", (news) => show(viewAfterNews(view, news)));
  link.on("orbit:editor", ({ problem }) => show({ ...view, notice: problem ?? "" }));
  const look = (): void => link.send(document.hidden ? "orbit:panel-close" : "orbit:panel-open", {});
  page.on("connected", look);
  page.on("disconnected", () => show({ ...view, isConnected: false }));
  document.addEventListener("visibilitychange", look);
  look();
}

function titleOf({ parts }: PanelView): string {
  const errors = parts?.errors.length ?? 0;
  return errors === 0 ? "orbit-hmr" : `(${errors}) orbit-hmr`;
}
