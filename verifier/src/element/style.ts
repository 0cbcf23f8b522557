/**
 * How a badge looks. Colours follow the color-scheme of the page, light where it has none. A page changes them by the
 * custom properties, the rest by `::part()`.
 */
export const style = `
:host { display: block; max-width: 34rem; font: var(--laurel-font, 1rem/1.45 system-ui, sans-serif); }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
p { margin: 0; overflow-wrap: anywhere; }
.card {
  --ink: light-dark(#1c2420, #eef3ef); --soft: light-dark(#59635d, #a9b5ad);
  --ground: var(--laurel-ground, light-dark(#ffffff, #171c19)); --line: light-dark(#d9dfdb, #39423c);
  --tone: light-dark(#5d5443, #d9c9a4); --tint: light-dark(#f4f1ea, #2a2720);
  color: var(--ink); background: var(--ground); border: 1px solid var(--line);
  border-radius: var(--laurel-radius, .75rem); overflow: clip; text-align: start;
}
.card + .card { margin-block-start: 1rem; }
.good { --tone: light-dark(#12633a, #7fdba6); --tint: light-dark(#e6f4ec, #16301f); }
.bad { --tone: light-dark(#a3221b, #ff9d94); --tint: light-dark(#fcebe9, #3a1a17); }
.unfamiliar { --tone: light-dark(#155a8a, #8cc8f2); --tint: light-dark(#e7f1f9, #152a3a); }
.verdict { display: flex; gap: .75rem; padding: .85rem 1rem; background: var(--tint); color: var(--tone); }
.verdict .icon { flex: none; inline-size: 1.9rem; block-size: 1.9rem; padding: .3rem; border-radius: 50%;
  background: var(--tone); color: var(--tint); }
.title { font-weight: 650; font-size: 1.1rem; line-height: 1.9rem; }
.sentence { color: var(--ink); }
.icon { fill: none; stroke: currentColor; stroke-width: 2.6; stroke-linecap: round; stroke-linejoin: round; }
.body { display: flex; gap: 1rem; padding: 1rem; align-items: flex-start; }
.picture { flex: none; inline-size: 5.5rem; block-size: 5.5rem; object-fit: contain; border-radius: .5rem; }
.seal { display: grid; place-items: center; background: var(--tint); color: var(--tone); }
.seal .icon { inline-size: 3rem; stroke-width: 1.4; }
.facts { min-inline-size: 0; flex: 1; display: grid; gap: .15rem; color: var(--soft); font-size: .95rem; }
.name { color: var(--ink); font-weight: 650; font-size: 1.2rem; line-height: 1.3; }
.achievement { color: var(--ink); }
.note { font-style: italic; margin-block-start: .35rem; }
details { border-block-start: 1px solid var(--line); }
summary { padding: .7rem 1rem; cursor: pointer; font-weight: 600; min-block-size: 2.75rem; border-radius: inherit; }
summary:focus-visible { outline: 3px solid var(--tone); outline-offset: -3px; }
ul { list-style: none; margin: 0; padding: 0 1rem .6rem; display: grid; gap: .8rem; }
li { display: flex; gap: .6rem; font-size: .95rem; }
li .icon { flex: none; inline-size: 1.25rem; block-size: 1.25rem; margin-block-start: .1rem; color: var(--soft); }
li .icon.good { color: light-dark(#12633a, #7fdba6); }
li .icon.bad { color: light-dark(#a3221b, #ff9d94); }
li .icon.open { color: light-dark(#7d5a00, #f0cf7c); }
.label { font-weight: 600; }
details > .label { padding: 0 1rem .4rem; }
.outcome { font-weight: 400; color: var(--soft); }
.exact { color: var(--soft); font-size: .85rem; }
code { font: .8rem/1.2 ui-monospace, monospace; }
.advice { margin: 0 1rem 1rem; padding-inline-start: .75rem; border-inline-start: 3px solid var(--tone); }
.busy { animation: turn 1.1s linear infinite; }
@keyframes turn { to { rotate: 1turn; } }
@media (prefers-reduced-motion: reduce) { .busy { animation: none; } }
@media (max-width: 24rem) { .picture { inline-size: 4rem; block-size: 4rem; } .seal .icon { inline-size: 2.2rem; } }
@media (forced-colors: active) { .verdict { border-block-end: 1px solid; } .verdict .icon { border: 1px solid; } }
@media print {
  .card { overflow: visible; }
  .card, .facts, li, .exact { font-size: .75rem; }
  .title, .name { font-size: .95rem; }
  .verdict, .picture { print-color-adjust: exact; }
  .verdict, .body { break-inside: avoid; break-after: avoid; }
  ul { grid-template-columns: repeat(3, 1fr); }
  li { break-inside: avoid; }
}
`
