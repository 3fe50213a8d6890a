/** What each key does. */
export const keysText = `  r   run all server modules again; state is kept
  R   restart the server in a new process; explicit state is carried over
  u   show the URLs
  o   open the browser
  c   clear the screen
  h   show the keys
  q   quit`;

/** What `--help` prints. */
export const helpTexts: Readonly<Record<"orbiton" | "dev", string>> = {
  orbiton: `orbiton - edit the code, keep everything else

Usage
  orbiton dev [dir] [options]   serve a project and hot reload it
  orbiton dev --help            the options of dev, with examples
  orbiton --version

Exit codes
  0              ended by you (q or Ctrl+C)
  1              failed: the server could not start, or ended by itself
  2              wrong usage: unknown command or option, no such folder, nothing to serve
  129, 130, 143  ended by SIGHUP, SIGINT, SIGTERM
`,
  dev: `orbiton dev - serve a project and hot reload it

Usage
  orbiton dev [dir] [options]

  dir is the folder with pages/api, index.html or vite.config.*; default: the working directory.

Options
  --port <number>    where to listen; a busy port means the next free one (default 8000, 0: any free one)
  --strictPort       fail when the port is busy
  --host [address]   listen on all addresses, or on this one (default: this machine only)
  --open             open the browser
  --poll             watch by polling, for disks that send no events
  --no-state         begin without the state that earlier runs have kept
  --verbose          list everything that a reload ran, kept, reset and closed
  --json             print one JSON object per line instead of text
  -h, --help         show this

Examples
  orbiton dev                               the project in the working directory
  orbiton dev apps/shop --port 3000 --open
  orbiton dev --host                        reachable from your phone
  orbiton dev --host=box.local              a host that is not an IP address needs the "="
  orbiton dev --json | jq .strategy         what each save did, for programs

Keys while it runs
${keysText}
`,
};
