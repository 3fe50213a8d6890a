import { expect, test } from "vitest";
import { OwnWrites } from "../../src/session/own-writes.ts";
import { createProject } from "../vite/support/project.ts";

test("a file is the server's own from the beginning of a write until somebody else writes it", () => {
  const project = createProject({ "db.json": "[]" });
  const file = project.path("db.json");
  const writes = new OwnWrites();
  expect(writes.has(file)).toBe(false);
  const end = writes.begin([file]);
  project.write("db.json", "[1");
  expect(writes.has(file)).toBe(true);
  project.write("db.json", "[1]");
  end();
  expect(writes.has(file)).toBe(true);
  project.write("db.json", "[1, 2]");
  expect(writes.has(file)).toBe(false);
});

test("of writes that overlap, the last one ends it", () => {
  const project = createProject({ "db.json": "[]" });
  const file = project.path("db.json");
  const writes = new OwnWrites();
  const [endFirst, endSecond] = [writes.begin([file]), writes.begin([file])];
  endFirst();
  project.write("db.json", "[1]");
  expect(writes.has(file)).toBe(true);
  endSecond();
  expect(writes.has(file)).toBe(true);
});

test("a file that the server has deleted is its own until it is there again", () => {
  const project = createProject({ "db.json": "[]" });
  const file = project.path("db.json");
  const writes = new OwnWrites();
  const end = writes.begin([file]);
  project.remove("db.json");
  end();
  expect(writes.has(file)).toBe(true);
  project.write("db.json", "[]");
  expect(writes.has(file)).toBe(false);
});
