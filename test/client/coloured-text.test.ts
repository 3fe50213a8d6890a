import { expect, test } from "vitest";
import { colouredTexts } from "../../src/client/overlay/coloured-text.ts";

const ESC = "\u001B";

test.each([
  ["plain", [{ text: "plain", styles: [] }]],
  [`${ESC}[31mred${ESC}[0m rest`, [text("red", "red"), text(" rest")]],
  [
    `${ESC}[1;33mboth${ESC}[22m yellow${ESC}[39m none`,
    [text("both", "bold", "yellow"), text(" yellow", "yellow"), text(" none")],
  ],
  [`${ESC}[91mbright`, [text("bright", "red")]],
  [`${ESC}[38;5;9mof 256${ESC}[38;5;246m grey`, [text("of 256", "red"), text(" grey")]],
  [`${ESC}[38;2;1;2;3mparts${ESC}[4m${ESC}[32m green`, [text("parts"), text(" green", "green")]],
  [`${ESC}[41mground${ESC}[48;5;1m too`, [text("ground"), text(" too")]],
  [`${ESC}[2Kclears${ESC}]8;;http://x${ESC}\\ a link${ESC}]8;;\u0007`, [text("clears"), text(" a link")]],
  [`${ESC}[31mred${ESC}[mplain`, [text("red", "red"), text("plain")]],
])("%j is read as a terminal shows it", (coloured, parts) => {
  expect(colouredTexts(coloured)).toEqual(parts);
});

test("a text is the same but for what only terminals understand", () => {
  const all = colouredTexts(`a${ESC}[1mb${ESC}[31;4mc${ESC}[0md`).map((part) => part.text);
  expect(all.join("")).toBe("abcd");
});

function text(shown: string, ...styles: string[]): { text: string; styles: string[] } {
  return { text: shown, styles };
}
