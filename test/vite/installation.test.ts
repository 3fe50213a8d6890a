import { expect, onTestFinished, test, vi } from "vitest";
import { Installation } from "../../src/vite/restarts/installation.ts";
import { createProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

const lock = (version: string): string => JSON.stringify({ packages: { "node_modules/pad": { version } } });

const RECORD = "node_modules/.package-lock.json";

function watchInstallation(project: Pick<Project, "root">): {
  readonly installation: Installation;
  readonly replaced: () => number;
} {
  const onReplaced = vi.fn<() => void>();
  const installation = new Installation(project.root, onReplaced);
  onTestFinished(() => installation.close());
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  return { installation, replaced: () => onReplaced.mock.calls.length };
}

/** Several looks at the disk. */
function looks(): void {
  vi.advanceTimersByTime(2_000);
}

test("packages are replaced when the record of the installation says so, not when they are asked for", () => {
  const project = createProject({
    "package.json": "{}",
    "package-lock.json": lock("1"),
    [RECORD]: lock("1"),
  });
  const { installation, replaced } = watchInstallation(project);
  project.write("package.json", `{ "dependencies": { "pad": "2" } }`);
  project.write("package-lock.json", lock("2"));
  installation.noteChange();
  looks();
  expect(replaced()).toBe(0);
  project.write(RECORD, lock("2"));
  looks();
  expect(replaced()).toBe(1);
  looks();
  expect(replaced()).toBe(1);
});

test("nothing happens while an installation writes", () => {
  const project = createProject({ "package.json": "{}", [RECORD]: lock("1") });
  const { installation, replaced } = watchInstallation(project);
  installation.noteChange();
  project.remove(RECORD);
  looks();
  project.write(RECORD, lock("2"));
  for (let step = 0; step < 10; step++) {
    project.write(`node_modules/pad-${step}/package.json`, "{}");
    vi.advanceTimersByTime(400);
  }
  expect(replaced()).toBe(0);
  looks();
  expect(replaced()).toBe(1);
});

test("nothing happens while an installation writes, whatever folder the project lies in", () => {
  const outer = createProject({
    "my_node_modules/app/package.json": "{}",
    "my_node_modules/app/package-lock.json": lock("1"),
    [`my_node_modules/app/${RECORD}`]: lock("1"),
  });
  const { installation, replaced } = watchInstallation({ root: outer.path("my_node_modules/app") });
  outer.write("my_node_modules/app/package-lock.json", lock("2"));
  installation.noteChange();
  outer.remove(`my_node_modules/app/${RECORD}`);
  looks();
  expect(replaced()).toBe(0);
  outer.write(`my_node_modules/app/${RECORD}`, lock("2"));
  looks();
  expect(replaced()).toBe(1);
});

test("an installation of the same packages replaces nothing", () => {
  const project = createProject({
    "package.json": "{}",
    "package-lock.json": lock("1"),
    [RECORD]: lock("1"),
  });
  const { installation, replaced } = watchInstallation(project);
  installation.noteChange();
  project.remove(RECORD);
  looks();
  project.write(RECORD, `${lock("1")}\n`);
  looks();
  expect(replaced()).toBe(0);
});

test("without any record an edit of package.json has to do", () => {
  const project = createProject({ "package.json": "{}" });
  const { installation, replaced } = watchInstallation(project);
  project.write("package.json", `{ "dependencies": { "pad": "2" } }`);
  installation.noteChange();
  looks();
  expect(replaced()).toBe(1);
});
