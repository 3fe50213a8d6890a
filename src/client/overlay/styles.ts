/** How overlay and pill look: of their own, whatever the page says. */
export const STYLE = `
:host {
  all: initial !important;
  position: fixed !important;
  inset: auto auto 0 0 !important;
  z-index: 2147483647 !important;
  color-scheme: light dark !important;
  --ground: light-dark(#fff, #17181c);
  --raised: light-dark(#f4f4f7, #202127);
  --line: light-dark(#dfe0e6, #33353d);
  --text: light-dark(#1b1c22, #ececf1);
  --quiet: light-dark(#5a5d6b, #a3a7b5);
  --red: light-dark(#b3182f, #ff8593);
  --marked: light-dark(#fdebee, #3a1d23);
  --green: light-dark(#14703b, #6fd198);
  --yellow: light-dark(#7d5700, #e6c06a);
  --blue: light-dark(#1c56c4, #8fb4ff);
  --magenta: light-dark(#8a2a94, #e29bea);
  --cyan: light-dark(#0b6475, #6fd0e2);
  --shadow: 0 1px 2px rgb(0 0 0 / .12), 0 8px 32px rgb(0 0 0 / .2);
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.card, .pill, button { font: 14px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); }
button { margin: 0; padding: .25rem .625rem; border: 1px solid transparent; border-radius: .375rem; background: none; cursor: pointer; }
button:hover { background: var(--raised); }
button:disabled { color: var(--quiet); cursor: default; background: none; }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 1px; }
.backdrop { position: fixed; inset: 0; display: flex; align-items: flex-start; justify-content: center; padding: min(8vh, 4rem) 1rem 1rem; background: light-dark(rgb(20 22 30 / .28), rgb(0 0 0 / .5)); }
.card { display: flex; flex-direction: column; width: min(56rem, 100%); max-height: 100%; border: 1px solid var(--line); border-top: 3px solid var(--red); border-radius: .625rem; background: var(--ground); box-shadow: var(--shadow); overflow: hidden; animation: rise .14s ease-out; }
.card:focus { outline: none; }
.bar, .actions, .steps { display: flex; align-items: center; }
.bar { flex: none; gap: .125rem; padding: .5rem .5rem .5rem 1.25rem; border-bottom: 1px solid var(--line); }
.what { margin-inline-end: auto; color: var(--red); font-weight: 600; }
.steps { color: var(--quiet); font-variant-numeric: tabular-nums; }
.body { padding: 1rem 1.25rem 1.125rem; overflow: auto; overscroll-behavior: contain; }
.message { margin: 0; font-size: 1rem; font-weight: 600; white-space: pre-wrap; overflow-wrap: anywhere; }
.place { max-width: 100%; margin: 0 0 .25rem -.375rem; padding: .125rem .375rem; color: var(--blue); font: .8125rem/1.5 var(--mono); text-align: start; overflow-wrap: anywhere; }
.place:not(button) { margin-inline-start: 0; padding-inline: 0; color: var(--quiet); }
.code { margin: .875rem 0 0; padding: .625rem 0; border: 1px solid var(--line); border-radius: .5rem; background: var(--raised); font: .8125rem/1.6 var(--mono); overflow-x: auto; tab-size: 2; }
.code > div { display: block; width: max-content; min-width: 100%; }
.row { padding-inline: .25rem .75rem; white-space: pre; }
.row.is-marked, .row.is-caret { background: var(--marked); }
.number { color: var(--quiet); user-select: none; }
.caret { color: var(--red); font-weight: 700; }
.facts { display: grid; gap: .25rem; margin: .875rem 0 0; color: var(--quiet); font-size: .8125rem; }
.facts > div { display: flex; flex-wrap: wrap; gap: 0 .5rem; }
.facts dt { min-width: 4.5rem; }
.facts dd { flex: 1 1 14rem; margin: 0; overflow-wrap: anywhere; font-family: var(--mono); color: var(--text); }
.arrow { color: var(--quiet); }
.said { margin: .75rem 0 0; color: var(--yellow); font-size: .8125rem; overflow-wrap: anywhere; }
.bold { font-weight: 700; } .dim { opacity: .8; }
.red { color: var(--red); } .green { color: var(--green); } .yellow { color: var(--yellow); }
.blue { color: var(--blue); } .magenta { color: var(--magenta); } .cyan { color: var(--cyan); }
.pill { position: fixed; inset-block-end: .75rem; inset-inline-start: .75rem; max-width: calc(100vw - 1.5rem); }
.pill > * { display: flex; align-items: center; gap: .5rem; max-width: 100%; padding: .3125rem .75rem .3125rem .625rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--ground); color: var(--text); font-size: .8125rem; box-shadow: var(--shadow); }
.pill > button:hover { background: var(--raised); }
.pill > :not(button) { pointer-events: none; animation: rise .14s ease-out; }
.pill span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.dot { flex: none; width: .5rem; height: .5rem; border-radius: 50%; background: var(--green); }
.is-failed .dot { background: var(--red); }
.is-building .dot { background: var(--yellow); animation: pulse 1.2s ease-in-out infinite; }
@keyframes rise { from { opacity: 0; transform: translateY(4px); } }
@keyframes pulse { 50% { opacity: .3; } }
@media (max-width: 30rem) {
  .backdrop { padding: .5rem; }
  .bar { flex-wrap: wrap; padding-inline-start: .875rem; }
  .actions { order: 1; flex: 0 0 100%; margin-inline-start: -.625rem; }
  .body { padding: .75rem .875rem; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
@media print { :host { display: none !important; } }
`;
