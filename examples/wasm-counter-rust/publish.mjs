// What cargo runs in place of the program: it puts the site together.
import { copyFileSync, cpSync, renameSync } from "node:fs";

cpSync("web", "site", { recursive: true });
copyFileSync(process.argv[2], "site/.app.wasm");
renameSync("site/.app.wasm", "site/app.wasm");
