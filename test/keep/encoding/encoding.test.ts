import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { decode } from "../../../src/keep/encoding/decode.ts";
import { encode } from "../../../src/keep/encoding/encode.ts";
import { randomFrom } from "../../support/random.ts";
import { difference, randomValue } from "./values.ts";

function textOf(value: unknown): string {
  const encoded = encode(value);
  if (encoded.status !== "encoded") throw new Error(encoded.status);
  return encoded.text;
}

function throughText(value: unknown): unknown {
  const decoded = decode(textOf(value));
  if (decoded.status !== "decoded") throw new Error(decoded.reason);
  return decoded.value;
}

function leftOutOf(value: unknown): string[] {
  const encoded = encode(value);
  return encoded.status === "encoded" ? encoded.leftOut.map(({ path, what }) => `${path}: ${what}`) : [];
}

describe("a value that is written and read", () => {
  test.each(Array.from({ length: 40 }, (_, block) => [block]))(
    "is the same value, with the same objects shared: block %i",
    (block) => {
      for (let seed = block * 250; seed < (block + 1) * 250; seed++) {
        const value = randomValue(seed);
        expect(leftOutOf(value), `seed ${seed}`).toEqual([]);
        expect(difference(value, throughText(value)), `seed ${seed}`).toBeUndefined();
      }
    },
  );

  test("may be a chain of any length", () => {
    let chain: unknown = "end";
    for (let length = 0; length < 50_000; length++) chain = { next: chain };
    expect(difference(chain, throughText(chain))).toBeUndefined();
  });

  test("keeps the bytes of a Buffer and not those of its neighbours", () => {
    const [first, second] = [Buffer.from("secret"), Buffer.from("shown")];
    expect(first.buffer).toBe(second.buffer);
    const kept = throughText(second);
    expect(kept).toEqual(second);
    expect((kept as Buffer).buffer.byteLength).toBe(5);
  });

  test("keeps what belongs to an error, and none of its frames", () => {
    const error = Object.assign(new RangeError("too much", { cause: { code: 1 } }), {
      code: "E",
      name: "Own",
    });
    const kept = throughText(error) as RangeError;
    expect(kept).toBeInstanceOf(RangeError);
    expect([kept.message, kept.name, kept.cause, Object.keys(kept)]).toEqual([
      "too much",
      "Own",
      { code: 1 },
      ["code", "name"],
    ]);
    expect(kept.stack).not.toContain("at ");
    const many = throughText(new AggregateError([new Error("one")], "all")) as AggregateError;
    expect([many.message, (many.errors[0] as Error).message, Object.keys(many)]).toEqual(["all", "one", []]);
  });

  test("may come from another realm as far as it is plain", () => {
    expect(throughText({ from: runInNewContext("({ a: 1 })") })).toEqual({ from: { a: 1 } });
  });
});

describe("what cannot be stored", () => {
  class Client {
    open = true;
  }

  test("is left out and named by where it stands", () => {
    const value = {
      user: { connect: () => 1, name: "Ada" },
      "two words": Symbol("tag"),
      list: [1, new Client(), 3],
      map: new Map<unknown, unknown>([
        ["ada", new Promise<void>(() => undefined)],
        [7, new WeakMap()],
        [new Client(), 1],
        ["kept", 1],
      ]),
      set: new Set([() => 2, "kept"]),
      get computed() {
        throw new Error("must not run");
      },
    };
    expect(leftOutOf(value)).toEqual([
      '["two words"]: a symbol',
      ".computed: a getter or setter",
      ".user.connect: a function",
      ".list[1]: an instance of Client",
      ".map.ada: a promise",
      ".map<key 2>: an instance of Client",
      ".set[0]: a function",
    ]);
    expect(throughText(value)).toEqual({
      user: { name: "Ada" },
      list: [1, undefined, 3],
      map: new Map([["kept", 1]]),
      set: new Set(["kept"]),
    });
  });

  test("is named once for all items of a collection", () => {
    const sockets = Array.from({ length: 1_000 }, () => ({ socket: new Client() }));
    expect(leftOutOf({ sockets })).toEqual([".sockets[0].socket: an instance of Client"]);
    const byName = new Map(sockets.map((socket, index) => [`user ${index}`, socket]));
    expect(leftOutOf({ byName })).toEqual(['.byName["user 0"].socket: an instance of Client']);
  });

  test.each<[string, unknown]>([
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["an instance of Client", new Client()],
    ["an instance of WeakSet", new WeakSet()],
    ["an instance of Map", new (class Map extends globalThis.Map {})()],
    ["a proxy that cannot be read", hostileProxy("getPrototypeOf")],
    ["an object that cannot be read", hostileProxy("ownKeys")],
    ["an object that cannot be read", Object.create(Date.prototype)],
    ["an array with holes and a length of 4294967295", Object.assign([], { length: 2 ** 32 - 1 })],
    ["a BigInt of 1000001 digits", 1n << 4_000_000n],
  ])("never throws: %s", (what, value) => {
    expect(leftOutOf({ at: value })).toEqual([`.at: ${what}`]);
  });

  test("is said when it would be too long, and nothing is written", () => {
    expect(encode({ long: "x".repeat(2_000) }, 1_000)).toEqual({ status: "too-large" });
    expect(encode({ bytes: new Uint8Array(2_000) }, 1_000)).toEqual({ status: "too-large" });
    expect(
      encode(
        Array.from({ length: 500 }, () => [1]),
        1_000,
      ),
    ).toEqual({ status: "too-large" });
    expect(encode({ short: "x" }, 1_000).status).toBe("encoded");
  });
});

describe("a text from anybody", () => {
  test("reaches no prototype", () => {
    const text =
      '[[1],["object","__proto__",[2],"constructor",[3],"a",1],["object","polluted",1],["object","prototype",[2]]]';
    const decoded = decode(text);
    const value = (decoded.status === "decoded" ? decoded.value : undefined) as object;
    expect(Object.keys(value)).toEqual(["__proto__", "constructor", "a"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Reflect.get(value, "polluted")).toBeUndefined();
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "[[1],"],
    ["no list", '{"a":1}'],
    ["an empty list", "[]"],
    ["a node that is no list", '[[1],{"a":1}]'],
    ["a node of an unknown kind", '[[1],["eval","1"]]'],
    ["a reference to nothing", "[[7]]"],
    ["a reference to the root", "[[0]]"],
    ["a reference to a prototype", '[["__proto__"]]'],
    ["a reference by a fraction", '[[1.5],["array"]]'],
    ["an object in a slot", '[[1],["array",{}]]'],
    ["a key that is no string", '[[1],["object",1,1]]'],
    ["a key without a value", '[[1],["object","a"]]'],
    ["an array that is too long", '[[1],["sparse",4000000000]]'],
    ["an item behind the end", '[[1],["sparse",1,1,1]]'],
    ["a wrong BigInt", '[["bigint","0x1n"]]'],
    ["a wrong pattern", '[[1],["regexp","(","",0]]'],
    ["a wrong url", '[[1],["url","nowhere"]]'],
    ["a wrong time", '[[1],["date","now"]]'],
    ["wrong base64", '[[1],["buffer","a$=="]]'],
    ["an unknown class of views", '[[1],["view","Function",[2],0,0],["buffer",""]]'],
    ["an unknown class of errors", '[[1],["error","Function","return 1"]]'],
    ["a view of no buffer", '[[1],["view","Uint8Array",[1],0,1]]'],
    ["a view behind the end", '[[1],["view","Uint8Array",[2],4,1],["buffer",""]]'],
  ])("is refused with a reason: %s", (_what, text) => {
    expect(decode(text)).toEqual({ status: "refused", reason: expect.stringMatching(/./) });
  });

  test("is refused however deep it is", () => {
    const depth = 1_000_000;
    expect(decode("[".repeat(depth) + "]".repeat(depth)).status).toBe("refused");
  });

  test("is refused when it was cut off anywhere", () => {
    const text = textOf({
      list: [1, new Map([["a", new Date(0)]])],
      bytes: new Uint8Array(3),
      big: 2n ** 80n,
    });
    expect(text.length).toBeGreaterThan(50);
    for (let end = 0; end < text.length; end++) expect(decode(text.slice(0, end)).status).toBe("refused");
  });

  test("is an answer, never an exception, however it was garbled", () => {
    const random = randomFrom(1);
    const start = performance.now();
    for (let seed = 0; seed < 3_000; seed++) {
      const text = textOf(randomValue(seed % 300));
      const at = random(text.length);
      const garbled = text.slice(0, at) + '09"[],-eo'.charAt(random(9)) + text.slice(at + random(3));
      expect(decode(garbled).status).toMatch(/^(decoded|refused)$/);
    }
    expect(Reflect.ownKeys(Object.prototype)).toHaveLength(12);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

function hostileProxy(trap: "getPrototypeOf" | "ownKeys"): object {
  return new Proxy(
    {},
    {
      [trap]: () => {
        throw new Error("hostile");
      },
    },
  );
}
