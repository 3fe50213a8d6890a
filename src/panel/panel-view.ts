import { TIMELINE_LENGTH } from "../protocol/panel.ts";
import type { PanelNews, PanelParts, TimelineEntry } from "../protocol/panel.ts";

/** All that the panel knows. */
export interface PanelView {
  readonly isConnected: boolean;
  /** Absent until the server has answered. */
  readonly parts: PanelParts | undefined;
  /** The newest first. */
  readonly timeline: readonly TimelineEntry[];
  /** What somebody has asked for and cannot have, in a sentence. */
  readonly notice: string;
}

export const NOTHING_KNOWN_YET: PanelView = {
  isConnected: false,
  parts: undefined,
  timeline: [],
  notice: "",
};

/** What the panel knows after it was told something. */
export function viewAfterNews(view: PanelView, news: PanelNews): PanelView {
  const { parts, timeline } = view;
  const numbers = new Set(news.timeline.map(({ number }) => number));
  const others = timeline.filter(({ number }) => !numbers.has(number));
  return {
    ...view,
    isConnected: true,
    // What is told first is all of it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server's own
    parts: { ...parts, ...news.parts } as PanelParts,
    timeline: [...news.timeline, ...others].toSorted((a, b) => b.number - a.number).slice(0, TIMELINE_LENGTH),
  };
}
