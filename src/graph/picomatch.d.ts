// As far as it is used here: the package brings no types.
declare module "picomatch/posix.js" {
  interface Options {
    readonly dot?: boolean;
    readonly ignore?: readonly string[];
    readonly nocase?: boolean;
    readonly noextglob?: boolean;
    readonly nonegate?: boolean;
  }
  interface Scan {
    /** The folders in front of the first sign that stands for more than itself; the whole pattern without one. */
    readonly base: string;
    /** Everything behind them. */
    readonly glob: string;
  }
  function picomatch(pattern: string, options: Options): (path: string) => boolean;
  namespace picomatch {
    function scan(pattern: string, options: Options): Scan;
  }
  export default picomatch;
}
