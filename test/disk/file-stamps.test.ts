import { describe, expect, test } from "vitest";
import { FileStamps } from "../../src/disk/file-stamps.ts";
import { isYoung, isSameStamp } from "../../src/disk/stamp.ts";
import { FakeDisk } from "../reload/support/fake-disk.ts";

function setUp(content = "one"): { disk: FakeDisk; known: FileStamps } {
  const disk = new FakeDisk();
  disk.write("file", content);
  return { disk, known: new FileStamps(disk) };
}

describe("a file", () => {
  test("that nobody has read counts as changed", () => {
    const { known } = setUp();
    expect(known.findChanged(["file", "missing"])).toEqual(["file", "missing"]);
  });

  test("that was read a while after its last write is compared by its stamp alone", () => {
    const { disk, known } = setUp();
    disk.time += 21;
    known.noteRead("file");
    expect(known.findChanged(["file"])).toEqual([]);
    expect(disk.looks.digests).toBe(0);
  });

  test("that was written right before it was read is compared by its content, until it is old enough", () => {
    const { disk, known } = setUp();
    known.noteRead("file");
    expect(known.findChanged(["file"])).toEqual([]);
    expect(disk.looks.digests).toBe(2);
    disk.time += 21;
    expect(known.findChanged(["file"])).toEqual([]);
    const { digests } = disk.looks;
    expect(known.findChanged(["file"])).toEqual([]);
    expect(disk.looks.digests).toBe(digests);
  });

  test("that is written twice within what the file system's clock tells apart is seen", () => {
    const { disk, known } = setUp("one");
    disk.granularityMs = 10;
    disk.write("file", "two");
    known.noteRead("file");
    disk.time += 1;
    disk.write("file", "six");
    expect(known.findChanged(["file"])).toEqual(["file"]);
  });

  test("on a disk that counts whole seconds is mistrusted for two of them", () => {
    const { disk, known } = setUp("one");
    disk.granularityMs = 1_000;
    disk.write("file", "two");
    known.noteRead("file");
    disk.time += 900;
    disk.write("file", "six");
    expect(known.findChanged(["file"])).toEqual(["file"]);
  });

  test("that was touched, but says the same, is unchanged as long as its content is known", () => {
    const { disk, known } = setUp();
    known.noteRead("file");
    disk.time += 5;
    disk.write("file", "one");
    expect(known.findChanged(["file"])).toEqual([]);
  });

  test("that appears or goes is changed", () => {
    const { disk, known } = setUp();
    known.noteRead("file");
    known.noteRead("later");
    disk.remove("file");
    disk.write("later", "");
    expect(known.findChanged(["file", "later"])).toEqual(["file", "later"]);
    known.acknowledge("file");
    known.acknowledge("later");
    expect(known.findChanged(["file", "later"])).toEqual([]);
  });
});

describe("a folder", () => {
  test("is compared by the names in it, however old its stamp", () => {
    const { disk, known } = setUp("a,b");
    disk.time += 1_000;
    known.noteFolder("file");
    disk.write("file", "a,b");
    expect(known.findChanged(["file"])).toEqual([]);
    disk.time += 1_000;
    disk.write("file", "a,b,c");
    expect(known.findChanged(["file"])).toEqual(["file"]);
  });

  test("in whose place is another one is changed, be the names the same", () => {
    const { disk, known } = setUp("a,b");
    known.noteFolder("file");
    disk.write("file", "a,b", { isReplaced: true });
    expect(known.findChanged(["file"])).toEqual(["file"]);
  });

  test("that is known already is not looked at again: a change since then has to show", () => {
    const { disk, known } = setUp("a");
    known.noteFolder("file");
    disk.time += 100;
    disk.write("file", "a,b");
    known.noteFolder("file");
    expect(known.findChanged(["file"])).toEqual(["file"]);
  });
});

test("two looks are the same only if nothing tells them apart", () => {
  const stamp = { mtimeNs: 5n, ctimeNs: 6n, size: 7n, inode: 8n, device: 9n };
  expect(isSameStamp(stamp, { ...stamp })).toBe(true);
  expect(isSameStamp(undefined, undefined)).toBe(true);
  expect(isSameStamp(stamp, undefined)).toBe(false);
  for (const key of Object.keys(stamp)) expect(isSameStamp(stamp, { ...stamp, [key]: 1n })).toBe(false);
});

test.for([
  { name: "just changed", ctimeMs: 1_000, mtimeMs: 1_000.5, nowMs: 1_010, young: true },
  { name: "changed 21 ms ago", ctimeMs: 1_000.5, mtimeMs: 1_000.5, nowMs: 1_022, young: false },
  {
    name: "changed now, with an old modification time put on it",
    ctimeMs: 1_000.5,
    mtimeMs: 3,
    nowMs: 1_001,
    young: true,
  },
  {
    name: "changed long ago, with a modification time in the future",
    ctimeMs: 1_000.5,
    mtimeMs: 9e9,
    nowMs: 5_000,
    young: false,
  },
  {
    name: "changed in the future, as another clock has it",
    ctimeMs: 9_000.5,
    mtimeMs: 9_000.5,
    nowMs: 5_000,
    young: true,
  },
  { name: "changed in a whole second, 1.9 s ago", ctimeMs: 1_000, mtimeMs: 1_000, nowMs: 2_900, young: true },
  {
    name: "changed in a whole second, 2.1 s ago",
    ctimeMs: 1_000,
    mtimeMs: 1_000,
    nowMs: 3_100,
    young: false,
  },
])("$name: may have been written again unseen: $young", ({ ctimeMs, mtimeMs, nowMs, young }) => {
  const stamp = { mtimeNs: ns(mtimeMs), ctimeNs: ns(ctimeMs), size: 1n, inode: 1n, device: 1n };
  expect(isYoung(stamp, nowMs)).toBe(young);
});

function ns(ms: number): bigint {
  return BigInt(Math.round(ms * 1e6));
}

describe("a file that this process writes", () => {
  test("shows no change while it is written, nor what it says afterwards", () => {
    const { disk, known } = setUp();
    known.noteFolder("file");
    const release = known.suspend(["file"]);
    disk.write("file", "half");
    expect(known.findChanged(["file"])).toEqual([]);
    disk.write("file", "whole");
    release();
    expect(known.findChanged(["file"])).toEqual([]);
    disk.write("file", "outside");
    expect(known.findChanged(["file"])).toEqual(["file"]);
  });

  test("is held until the last of several writes is done", () => {
    const { disk, known } = setUp();
    known.noteFolder("file");
    const [first, second] = [known.suspend(["file"]), known.suspend(["file"])];
    disk.write("file", "one more");
    first();
    expect(known.findChanged(["file"])).toEqual([]);
    disk.write("file", "and another");
    second();
    expect(known.findChanged(["file"])).toEqual([]);
  });

  test("still shows a change from before that nobody has taken note of", () => {
    const { disk, known } = setUp();
    known.noteFolder("file");
    disk.write("file", "outside");
    known.suspend(["file"])();
    expect(known.findChanged(["file"])).toEqual(["file"]);
    known.refresh("file");
    expect(known.findChanged(["file"])).toEqual([]);
  });
});
