import { expect, test } from "vitest";
import { memoryProject } from "./support/memory-project.ts";

const SAYS = "export const price = (n: number) => n * 2;\nexport const label = 'price';\n";

test.each([
  ["a comment comes", SAYS, `/** What it costs. */\n${SAYS}`],
  ["a comment goes", `// What it costs.\n${SAYS}`, SAYS],
  ["a comment changes", `/* one */ ${SAYS}`, `/* two */ ${SAYS}`],
  ["formatting changes", SAYS, SAYS.replaceAll(" ", "   ").replaceAll("'", '"')],
  ["a type changes", SAYS, SAYS.replace("number", "any")],
  ["a comment comes that looks like code", SAYS, `${SAYS}// export const other = "/*";\n`],
])("nothing runs again when %s", async (_, before, after) => {
  for (const ending of ["ts", "js"]) {
    const asWritten = (text: string): string =>
      ending === "js" ? text.replace(/: (?:number|any)/, "") : text;
    const lib = `lib.${ending}`;
    const project = memoryProject({
      [lib]: asWritten(before),
      "entry.ts": `import { price } from "./${lib}"; export const GET = () => price(1);`,
    });
    await project.ask("entry.ts");
    const commits = project.commits.length;
    await project.edit({ [lib]: asWritten(after) });
    expect([ending, project.commits.length]).toEqual([ending, commits]);
  }
});

test.each([
  ["a number changes", SAYS, SAYS.replace("2", "3")],
  [
    "a text changes that looks like a comment",
    SAYS.replace("'price'", "'// a'"),
    SAYS.replace("'price'", "'// b'"),
  ],
  ["code comes with a comment", SAYS, `/* more */ ${SAYS} export const more = 1;`],
])("a module runs again when %s", async (_, before, after) => {
  const project = memoryProject({
    "lib.ts": before,
    "entry.ts": `import { price } from "./lib"; export const GET = () => price(1);`,
  });
  await project.ask("entry.ts");
  await project.edit({ "lib.ts": after });
  expect(project.ran).toMatchObject({ "lib.ts": "edited" });
});
