import { deflateSync } from "node:zlib";
import { writeFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Project } from "../../vite/support/project.ts";
import { htmlOf, hasValue, openSite, reloaded } from "../reload/reloading.ts";

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

/** An image that is all of one colour, and as wide as it says: what is shown can be told by its width. */
function png(width: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(1, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(width + 1))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function draw(project: Project, file: string, width: number): void {
  mkdirSync(dirname(project.path(file)), { recursive: true });
  writeFileSync(project.path(file), png(width));
}

async function hasWidth(tab: Page, selector: string, width: number): Promise<void> {
  await tab.waitForFunction(
    ([name, wanted]) => document.querySelector<HTMLImageElement>(name)?.naturalWidth === wanted,
    [selector, width] as const,
  );
}

/** A plugin draws before anything is served. */
const drawn = (names: readonly string[], width: number) => ({
  name: "drawn",
  configResolved({ root }: { readonly root: string }): void {
    const project = { path: (file: string) => `${root}/${file}` } as Project;
    for (const name of names) draw(project, name, width);
  },
});

test("an edited image is shown wherever the page has it by its address, without a moment of nothing", async () => {
  const html = htmlOf(
    `<img id="a" src="/logo.png"><img id="b" srcset="/logo.png 1x, /logo.png?x 2x, /other.png 3x">
     <picture><source srcset="/logo.png"><img id="c"></picture><img id="other" src="/deep/logo.png">
     <p id="css">css</p><p id="own" style="background: url(/logo.png)">own</p><p id="asset">asset</p>`,
    `<link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/main.css">`,
  );
  const files = {
    "index.html": html,
    "public/theme.css": `@media all { #css { background: red url("./logo.png") no-repeat } }`,
    "main.css": `#asset { background-image: url(./src/photo.png) }`,
  };
  const names = ["public/logo.png", "public/deep/logo.png", "public/other.png", "src/photo.png"];
  const { project, tab } = await openSite(files, { config: { plugins: [drawn(names, 3)] } });
  for (const name of ["#a", "#b", "#c", "#other"]) await hasWidth(tab, name, 3);
  await tab.evaluate(() => {
    Reflect.set(window, "isOld", true);
    const widths = new Set<number>();
    Reflect.set(window, "widths", widths);
    const look = (): void => {
      for (const image of document.querySelectorAll<HTMLImageElement>("#a, #b, #c"))
        widths.add(image.naturalWidth);
      requestAnimationFrame(look);
    };
    look();
  });
  draw(project, "public/logo.png", 7);
  for (const name of ["#a", "#b", "#c"]) await hasWidth(tab, name, 7);
  const backgrounds = async (): Promise<readonly (string | undefined)[]> =>
    tab.evaluate(() =>
      ["#css", "#own", "#asset"].map((name) => {
        const element = document.querySelector(name) ?? document.body;
        return /[^/]+\.png[^"]*/.exec(getComputedStyle(element).backgroundImage)?.[0];
      }),
    );
  expect(await backgrounds()).toEqual([
    expect.stringMatching(/^logo\.png\?t=\d+$/),
    expect.stringMatching(/^logo\.png\?t=\d+$/),
    "photo.png",
  ]);
  expect(await tab.locator("#b").getAttribute("srcset")).toMatch(
    /^http\S+logo\.png\?t=\d+ 1x, \/logo\.png\?x 2x, \/other\.png 3x$/,
  );
  expect(await tab.locator("#other").getAttribute("src")).toBe("/deep/logo.png");
  expect(await tab.evaluate(() => [...(Reflect.get(window, "widths") as Set<number>)])).toEqual([3, 7]);
  draw(project, "src/photo.png", 9);
  await expect.poll(async () => (await backgrounds())[2]).toMatch(/^photo\.png\?t=\d+$/);
  expect(await tab.evaluate(() => Reflect.has(window, "isOld"))).toBe(true);
});

test("an image that code has imported is shown anew without a reload, and where the page does not show it, code runs again", async () => {
  const files = {
    "index.html": htmlOf(`<input><script type="module" src="/main.js"></script>`),
    "main.js": `import logo from "./logo.png"; import texture from "./texture.png";
      document.body.append(Object.assign(new Image(), { id: "logo", src: logo }));
      const image = new Image(); image.src = texture; await image.decode(); window.size = image.width;`,
  };
  const { project, tab } = await openSite(files, {
    config: { plugins: [drawn(["logo.png", "texture.png"], 3)] },
  });
  await hasWidth(tab, "#logo", 3);
  await tab.fill("input", "typed");
  await tab.evaluate(() => Reflect.set(window, "isOld", true));
  draw(project, "logo.png", 5);
  await hasWidth(tab, "#logo", 5);
  expect(await tab.evaluate(() => Reflect.has(window, "isOld"))).toBe(true);
  await reloaded(tab, () => draw(project, "texture.png", 8));
  await tab.waitForFunction(() => Reflect.get(window, "size") === 8);
  await hasValue(tab, "input", "typed");
});

test("half of an image is not shown", async () => {
  const { project, tab } = await openSite(
    { "index.html": htmlOf(`<img src="/logo.png">`) },
    { config: { plugins: [drawn(["public/logo.png"], 3)] } },
  );
  await hasWidth(tab, "img", 3);
  const asked = tab.waitForResponse((response) => response.url().includes("logo.png?t="));
  writeFileSync(project.path("public/logo.png"), png(6).subarray(0, 20));
  await asked;
  draw(project, "public/logo.png", 6);
  await hasWidth(tab, "img", 6);
  expect(await tab.locator("img").getAttribute("src")).toMatch(/logo\.png\?t=\d+$/);
});
