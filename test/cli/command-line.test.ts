import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { orbiton, orbitonFile } from "./orbiton.ts";
import { emptyFolder, packageRoot } from "./project.ts";

const manifest = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
  version: string;
  bin: Record<string, string>;
};

test("both names run the same program", () => {
  const files = ["orbiton", "orbit-hmr"].map((name) => join(packageRoot, manifest.bin[name] ?? ""));
  expect(files).toEqual([orbitonFile, orbitonFile]);
  expect(readFileSync(orbitonFile, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test("--version prints the version of the package", async () => {
  await expect(orbiton(["--version"])).resolves.toEqual({
    code: 0,
    stdout: `orbit-hmr ${manifest.version}\n`,
    stderr: "",
  });
});

test("--help names the commands and the exit codes", async () => {
  const { code, stdout, stderr } = await orbiton(["--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("orbiton dev [dir] [options]");
  expect(stdout).toMatch(/Exit codes\n {2}0 /);
});

test("dev --help explains every option and shows examples", async () => {
  const { code, stdout } = await orbiton(["dev", "--help"]);
  expect(code).toBe(0);
  for (const option of ["--port", "--strictPort", "--host", "--open", "--poll", "--json"]) {
    expect(stdout).toContain(option);
  }
  expect(stdout).toContain("orbiton dev apps/shop --port 3000 --open");
});

test("no command at all prints the help", async () => {
  expect(await orbiton([])).toEqual(await orbiton(["--help"]));
});

test("wrong usage is one line on stderr and exit code 2", async () => {
  await expect(orbiton(["dev", "--prot", "3"])).resolves.toEqual({
    code: 2,
    stdout: "",
    stderr: "error Unknown option --prot. Did you mean --port?\n",
  });
});

test("a folder that does not exist is wrong usage", async () => {
  const { code, stdout, stderr } = await orbiton(["dev", join(emptyFolder(), "shop")]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^error .*shop.*\n$/);
});

test("a folder with nothing to serve is wrong usage, and the message says what to create", async () => {
  const { code, stdout, stderr } = await orbiton(["dev", emptyFolder()]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/pages\/api/);
});
