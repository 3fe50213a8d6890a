import type { CommandName } from "./commands.ts";

/** What each key does. */
export const keysText = `  r   run all server modules again; state is kept
  R   restart the server in a new process; explicit state is carried over
  b   build again; a build that hangs is ended for it
  u   show the URLs
  o   open the browser
  c   clear the screen
  h   show the keys
  q   quit`;

/** What every command that asks something takes. */
const askingOptions = `  --dir <folder>     the project (default: the working directory)
  --json             print one JSON document to stdout and nothing else
  -h, --help         show this`;

/** What `--help` prints. */
export const helpTexts: Readonly<Record<"orbiton" | CommandName, string>> = {
  orbiton: `orbiton - edit the code, keep everything else

Usage
  orbiton dev [dir] [options]   serve a project and hot reload it

  Before an edit, without a server:
  orbiton affected <file...>    the routes that a change of files reaches, and how
  orbiton affected --since <commit>
  orbiton explain <file>        who imports a file, and what an edit of it would do
  orbiton graph                 who imports whom
  orbiton routes                the routes, with their methods and files

  With a running server:
  orbiton settle                wait until every saved change is live or has failed
  orbiton status                routes, state, resources and errors

  orbiton <command> --help      its options, with examples
  orbiton --version

Exit codes
  0              done; dev: ended by you (q or Ctrl+C)
  1              failed: the server could not start or ended by itself, no server is running, a change is not live
  2              wrong usage: unknown command or option, no such file, folder or commit, nothing to serve
  3              affected: done, but more routes may be affected
  4              settle, status: code of the project keeps the server from answering; the message names it
  129, 130, 143  ended by SIGHUP, SIGINT, SIGTERM
`,
  dev: `orbiton dev - serve a project and hot reload it

Usage
  orbiton dev [dir] [options]

  dir is the folder with pages/api, index.html, vite.config.*, Cargo.toml or a build; default: the working directory.

Options
  --port <number>    where to listen; a busy port means the next free one (default 8000, 0: any free one)
  --strictPort       fail when the port is busy
  --host [address]   listen on all addresses, or on this one (default: this machine only)
  --open             open the browser
  --poll             watch by polling, for disks that send no events
  --command <line>   build the project with this line, which a shell reads as you wrote it
  --beta             build with the beta toolchain of Rust, as --toolchain beta
  --toolchain <name> build with this toolchain of rustup's
  --release          build as for a release
  --keep-serving     serve what is there although the toolchain is missing
  --dir <folder>     the project, in another way
  --no-state         begin without the state that earlier runs have kept
  --inspect[=port]   let a debugger attach, on this machine (default port 9229, 0: any free one)
  --verbose          list everything that a reload ran, kept, reset and closed
  --json             print one JSON object per line instead of text
  -h, --help         show this

Examples
  orbiton dev                               the project in the working directory
  orbiton dev apps/shop --port 3000 --open
  orbiton dev --host                        reachable from your phone
  orbiton dev --host=box.local              a host that is not an IP address needs the "="
  orbiton dev --command "node build.js"     built by a program of its own, served from dist, site or public
  orbiton dev --beta                        a cargo project, with the beta toolchain
  orbiton dev --json | jq .strategy         what each save did, for programs

Keys while it runs
${keysText}

Exit codes
  0              ended by you (q or Ctrl+C)
  1              failed: the server could not start, or ended by itself
  2              wrong usage: unknown option, also in a config; no such folder, nothing to serve
  129, 130, 143  ended by SIGHUP, SIGINT, SIGTERM
`,
  affected: `orbiton affected - the routes that a change of files reaches, and how

Usage
  orbiton affected <file...> [options]
  orbiton affected --since <commit> [options]

  Reads the project's imports; no code of it runs and no server is needed. Each route stands with the way to the change.

Options
  --since <commit>   what differs from this commit, branch or tag, uncommitted and untracked files included
${askingOptions}

Examples
  orbiton affected lib/db.ts
  orbiton affected --since main
  orbiton affected --since HEAD~1 --json | jq -r '.routes[].path'

JSON
  { routes: [{ path, file, chain: [file, …] }], modules: [file, …], truncated,
    unresolved: [{ file, line, column, message }] }

Exit codes
  0  done, also when no route is affected
  1  failed: git is missing, not a git repository, or a config cannot be loaded
  2  wrong usage: unknown option, also in a config; no such file, folder or commit; no project or no route in it
  3  done, but more routes may be affected: an import that leads nowhere, a file that does not parse, or maxDepth;
     "truncated" is true then, and the warnings say where
`,
  graph: `orbiton graph - who imports whom

Usage
  orbiton graph [options]

  Reads the project's imports; no code of it runs and no server is needed. Without an option: a summary.

Options
  --dot              print the graph in the language of Graphviz
${askingOptions}

Examples
  orbiton graph
  orbiton graph --dot | dot -Tsvg > graph.svg
  orbiton graph --json | jq '.nodes | length'

JSON
  { nodes: [{ id, kind, path? }], edges: [{ from, to, kind }], unresolved: [{ file, line, column, message }] };
  ids are files, relative to the project

Exit codes
  0  done
  1  failed: a config cannot be loaded
  2  wrong usage: unknown option, also in a config; no such folder, no project in it
`,
  explain: `orbiton explain - who imports a file, and what an edit of it would do

Usage
  orbiton explain <file> [options]

  Reads the project's imports; no code of it runs and no server is needed.

Options
${askingOptions}

Examples
  orbiton explain lib/db.ts
  orbiton explain lib/db.ts --json | jq .edit.strategy

JSON
  { file, route?, importers: [{ file, kind }], routes: [{ path, file, chain: [file, …] }], edit: { strategy, reason },
    truncated, unresolved: [{ file, line, column, message }], warnings: [{ file, line, column, message }] }

  "truncated" is true where routes may be missing; "unresolved" says which imports lead nowhere, "warnings" which ones
  cannot be read and count as imports of every file.

Exit codes
  0  done
  1  failed: a config cannot be loaded
  2  wrong usage: unknown option, also in a config; no such file or folder, no project in it
`,
  routes: `orbiton routes - the routes, with their methods and files

Usage
  orbiton routes [options]

  Reads the files of the routes; no code of them runs and no server is needed. "any" is a default export, "..." stands for
  what a file passes on from another one, and "?" for what cannot be read from the text.

Options
${askingOptions}

Examples
  orbiton routes
  orbiton routes --json | jq -r '.routes[].path'

JSON
  { routes: [{ path, file, methods }], problems: [{ file, message }] }; methods has "*" for a default export, "..." for names
  that are passed on, and is null where the text does not say

Exit codes
  0  done, also when there is no route
  1  failed: a config cannot be loaded
  2  wrong usage: unknown option, also in a config; no such folder, no project in it
`,
  settle: `orbiton settle - wait until every saved change is live or has failed

Usage
  orbiton settle [options]

  Asks the running server, orbiton dev or vite dev with the plugin. Routes that nobody has asked for are not loaded.

Options
  --tabs             wait for the pages that are open and seen, too; those that say nothing for 5 s are named
  --timeout <ms>     give up after this long (default 30000)
${askingOptions}

Examples
  orbiton settle && npm run smoke-test
  orbiton settle --json | jq .errors
  orbiton settle --tabs && npx playwright test

JSON
  { ok, version, ms, plan: { strategy, reason, files, routes, … }, errors: [{ file, line, column, message }] }
  with --tabs also tabs: [{ url, result: applied | reloaded | failed | silent, errors: [text] }]
  with exit code 4: { blocked: { place, route?, since, ms, url, pid, help } }

Exit codes
  0  every saved change is live
  1  a change has failed, with --tabs also in a page, or one is silent; no server is running, or it does not answer
  2  wrong usage: unknown option, no such folder
  4  code of the project keeps the server from answering, for 10 s or until the timeout; the message names it
`,
  status: `orbiton status - what the running server says about itself

Usage
  orbiton status [options]

  Routes, state, resources, reloads and errors of orbiton dev, or of vite dev with the plugin.

Options
${askingOptions}

Examples
  orbiton status
  orbiton status --json | jq '.routes[] | select(.status == "broken")'

JSON
  the document that the server answers at /__hmr_status
  with exit code 4: { blocked: { place, route?, since, ms, url, pid, help } }

Exit codes
  0  done
  1  no server is running, or it does not answer
  2  wrong usage: unknown option, no such folder
  4  code of the project keeps the server from answering; the message names it
`,
};
