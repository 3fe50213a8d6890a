import { randomFrom } from "../../support/random.ts";

/** A crate whose modules are all over the place. */
export interface GeneratedCrate {
  readonly name: string;
  readonly edition: string;
  /** By their names in the folder of the crate. */
  readonly texts: ReadonlyMap<string, string>;
  /** Those that no compiler reads: they are under a condition that is never true. */
  readonly off: ReadonlySet<string>;
}

/** Where the modules that a text declares are; `own` for those without `#[path]`. */
interface Where {
  readonly file: string;
  readonly folder: string;
  readonly own: string;
}

const MOST_DEEP = 4;
/** What looks like modules and is none. */
const DECOYS = [
  "// mod gone_a;\n",
  "/* mod gone_b; /* mod gone_c; */ mod gone_d; */\n",
  `const _: &str = "mod gone_e; \\" mod gone_f;";\n`,
  `const _: &str = r##"mod gone_g; "# mod gone_h;"##;\n`,
  "const _: char = '\"'; const _: u8 = b'\\''; const _: () = { fn f<'a>(x: &'a u8) -> &'a u8 { x } };\n",
  "#[cfg(any())] mod gone_i;\n",
  "macro_rules! gone { ($x:tt) => {} } gone!({ mod gone_j; });\n",
  `/// mod gone_k; include_str!("gone_l")\nconst _: u8 = 1_0u8;\n`,
];

/** Write a crate by chance; the same seed gives the same one. */
export function generateCrate(seed: number): GeneratedCrate {
  const random = randomFrom(seed);
  const texts = new Map<string, string>();
  const off = new Set<string>();
  let count = 0;

  const write = (file: string, isOff: boolean, text: () => string): void => {
    // Its name is taken before those of what it declares.
    texts.set(file, "");
    if (isOff) off.add(file);
    texts.set(file, text());
  };

  const declare = (where: Where, depth: number, isOff: boolean): string => {
    const name = `m${count++}`;
    const bodyOf = (place: Where, isNowOff = isOff): string => body(place, depth + 1, isNowOff);
    switch (random(9)) {
      case 0:
      case 1: {
        const file = `${where.own}/${name}.rs`;
        write(file, isOff, () => bodyOf(inFile(file, `${where.own}/${name}`)));
        return `pub mod ${name};\n`;
      }
      case 2: {
        const file = `${where.own}/${name}/mod.rs`;
        write(file, isOff, () => bodyOf(inFile(file, `${where.own}/${name}`)));
        return `mod ${name};\n`;
      }
      case 3: {
        const file = `${where.folder}/p_${name}.rs`;
        write(file, isOff, () => bodyOf(inFile(file, where.folder)));
        return `#[path = "p_${name}.rs"]\n#[allow(dead_code)] pub(crate) mod ${name};\n`;
      }
      case 4: {
        const inner = { ...where, folder: `${where.own}/${name}`, own: `${where.own}/${name}` };
        return `mod ${name} {\n${bodyOf(inner)}}\n`;
      }
      case 5: {
        const folder = `${where.folder}/q_${name}`;
        return `#[path = "q_${name}"] mod ${name} {\n${bodyOf({ ...where, folder, own: folder })}}\n`;
      }
      case 6: {
        const asset = `${folderOf(where.file)}/${name}.txt`;
        texts.set(asset, "mod gone_m;");
        if (isOff) off.add(asset);
        return `const _: &str = include_str!("${name}.txt");\n`;
      }
      case 7: {
        const file = `${folderOf(where.file)}/i_${name}.in`;
        write(file, isOff, () => bodyOf(inFile(file, folderOf(file))));
        return `mod ${name} { include!("i_${name}.in"); }\n`;
      }
      default: {
        const file = `${where.own}/${name}.rs`;
        write(file, true, () => bodyOf(inFile(file, `${where.own}/${name}`), true));
        return `#[cfg(any())] mod ${name};\n`;
      }
    }
  };

  const body = (where: Where, depth: number, isOff: boolean): string => {
    const parts = depth > MOST_DEEP ? 0 : random(4) + (depth === 0 ? 2 : 0);
    return Array.from({ length: parts }, () =>
      random(3) === 0 ? (DECOYS[random(DECOYS.length)] ?? "") : declare(where, depth, isOff),
    ).join("");
  };

  const root = "src/lib.rs";
  write(root, false, () => body({ file: root, folder: "src", own: "src" }, 0, false));
  return { name: `c${seed}`, edition: ["2015", "2018", "2021", "2024"][seed % 4] ?? "2021", texts, off };
}

function inFile(file: string, own: string): Where {
  return { file, folder: folderOf(file), own };
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/"));
}
