type Require = (specifier: string) => unknown;

/** A CommonJS file, or a JSON file that CommonJS requires. */
export interface CompiledCommonJs {
  readonly format: "commonjs";
  readonly scriptName: string;
  /** Run it and return `module.exports`. `onExports` is called first, so that cycles see what is there so far. */
  run(file: string, require: Require, onExports: (exports: unknown) => void): unknown;
}
