import { expect, test } from "vitest";
import { scopedSheet } from "../../../src/components/scoped-sheet.ts";
import { openPage } from "../browser.ts";

// What a sheet of one component does in a page, of which a browser knows more than its text says.

const PAGE = `<html class="dark"><body>
  <b class="b" id="outside"></b>
  <section data-orbit-c="components/card" class="card">
    <b class="b" id="inside"></b>
    <p data-orbit-c="components/other" class="b"><b class="b" id="other"></b></p>
    <div data-orbit-c="components/card" class="card"><b class="b" id="again"></b></div>
  </section>
</body></html>`;

const IDS = ["outside", "inside", "other", "again"];

/** Which of the elements a sheet makes red. */
async function redBy(css: string): Promise<readonly string[]> {
  const page = await openPage("about:blank");
  await page.setContent(PAGE);
  await page.addStyleTag({ content: scopedSheet(css, "components/card") });
  const colours = await page.evaluate(
    (ids) => ids.map((id) => getComputedStyle(document.getElementById(id) ?? document.body).color),
    IDS,
  );
  return IDS.filter((_, index) => colours[index] === "rgb(255, 0, 0)");
}

test.each([
  [".b { color: red }", ["inside", "again"]],
  [".card > .b { color: red }", ["inside", "again"]],
  ["html.dark .b { color: red }", ["inside", "again"]],
  ["@media screen { @layer l { .b { color: red } } }", ["inside", "again"]],
  [".card { & > .b { color: red } }", ["inside", "again"]],
  [":global(.b) { color: red }", IDS],
  [".card :deep(.b) { color: red }", ["inside", "other", "again"]],
  [":root { --c: red } .b { color: var(--c) }", ["inside", "again"]],
  [".b { animation: k 1s both paused } @keyframes k { from { color: red } }", ["inside", "again"]],
  [".b { color: red } .b { color: blue } @keyframes k {} .b { color: red }", ["inside", "again"]],
  ["color: red; .c {}", []],
])("%s is of the component's own elements, if not meant otherwise", async (css, ids) => {
  expect(await redBy(css)).toEqual(ids);
});
