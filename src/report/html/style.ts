/** The style of a report: one text, so that its hash can stand in the policy of the page. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --shade: #f6f8fa;
  --link: #0a53be; --good: #116329; --good-shade: #e6f5ea; --bad: #a40e26; --bad-shade: #fdebec;
  --warn: #7a4b00; --warn-shade: #fff5da; --add: #e6f5ea; --add-word: #abe3b9; --del: #fdebec; --del-word: #f6b9bf;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e8ecf0; --soft: #a5b0bb; --line: #3b444d; --shade: #1d232a;
    --link: #86b7ff; --good: #77d68f; --good-shade: #14301d; --bad: #ff9aa5; --bad-shade: #3d161b;
    --warn: #f0c36a; --warn-shade: #372a0d; --add: #12301c; --add-word: #1f6b36; --del: #3d161b; --del-word: #8a2431;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 76rem; padding: 2rem 1.5rem 4rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 0 0 .8rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
h4 { font-size: .95rem; margin: 1.2rem 0 .4rem; color: var(--soft); }
p { margin: 0 0 .8rem; max-width: 75ch; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .88em; }
header { border-bottom: 3px solid var(--ink); padding-bottom: 1.2rem; margin-bottom: 1.5rem; }
.kicker { margin: 0 0 .4rem; color: var(--soft); font-size: .85rem; letter-spacing: .04em; }
.subtitle { font-size: 1.1rem; color: var(--soft); margin: 0 0 1.2rem; }
nav { margin: 0 0 2rem; }
nav h2 { font-size: 1rem; margin: 0 0 .4rem; }
nav ol { columns: 3 16rem; column-gap: 2.5rem; margin: 0; padding-left: 1.6rem; }
nav li { padding: .1rem 0; break-inside: avoid; }
section { margin: 0 0 2.4rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
.facts { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .3rem 1.2rem; margin: 0 0 1rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; min-width: 0; white-space: pre-line; }
.status { border-left: .4rem solid var(--line); background: var(--shade); padding: .8rem 1rem; margin: 0 0 1rem; border-radius: 0 .3rem .3rem 0; }
.status p { margin: 0; }
.status .word { font-weight: 650; font-size: 1.1rem; }
.good { --tone: var(--good); --tone-shade: var(--good-shade); }
.bad { --tone: var(--bad); --tone-shade: var(--bad-shade); }
.warn { --tone: var(--warn); --tone-shade: var(--warn-shade); }
.plain { --tone: var(--ink); --tone-shade: var(--shade); }
.status { border-color: var(--tone); background: var(--tone-shade); }
.status .word { color: var(--tone); }
.numbers { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .6rem; list-style: none; padding: 0; margin: 0 0 1.2rem; }
.numbers li { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; background: var(--shade); }
.numbers b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; color: var(--tone); }
.numbers span { color: var(--soft); font-size: .88rem; }
.scroll { overflow-x: auto; margin: 0 0 1rem; border: 1px solid var(--line); border-radius: .4rem; }
.scroll:focus-visible, a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
caption { text-align: left; padding: .6rem .8rem; color: var(--soft); background: var(--shade); }
caption b { color: var(--ink); }
th, td { text-align: left; vertical-align: top; padding: .4rem .65rem; border-top: 1px solid var(--line); overflow: hidden; overflow-wrap: break-word; max-width: 30rem; }
th { background: var(--shade); font-weight: 600; white-space: nowrap; }
td.long { min-width: 13rem; }
td.people { min-width: 9rem; }
td.number, th.number { text-align: right; }
td.number { font-variant-numeric: tabular-nums; }
.time, td code { white-space: nowrap; }
.none, .mail, .words { color: var(--soft); }
.mail, .words { font-size: .95em; }
.about { color: var(--soft); font-size: .9rem; }
pre { margin: 0; padding: .8rem 1rem; white-space: pre-wrap; }
.diff { padding: 0; line-height: 1.5; }
.diff span.l { display: grid; grid-template-columns: 3.2rem 3.2rem 1.4rem 1fr; unicode-bidi: isolate; }
.diff .n { color: var(--soft); text-align: right; padding-right: .6rem; user-select: none; }
.diff .s { color: var(--soft); text-align: center; }
.diff .t { unicode-bidi: plaintext; overflow: hidden; padding-right: .6rem; }
.diff .add { background: var(--add); } .diff .del { background: var(--del); }
.diff .add .n, .diff .add .s, .diff .del .n, .diff .del .s { color: var(--ink); }
.diff ins, .diff del { text-decoration: none; border-radius: .2rem; }
.diff ins { background: var(--add-word); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; }
.diff del { background: var(--del-word); text-decoration: line-through; text-decoration-thickness: 1px; }
.diff .skip { color: var(--soft); background: var(--shade); padding: .2rem 1rem; display: block; }
.sub { margin: 0 0 1.6rem; }
footer { border-top: 1px solid var(--line); padding-top: 1rem; color: var(--soft); font-size: .9rem; }
@media (max-width: 40rem) {
  body { padding: 1.2rem .9rem 3rem; }
  h1 { font-size: 1.5rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .6rem; }
  .diff span.l { grid-template-columns: 2.4rem 2.4rem 1.2rem 1fr; }
}
@page { margin: 16mm 14mm; }
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --ink: #000000; --soft: #444c56; --line: #b5bcc4; --shade: #f4f5f6;
    --link: #000000; --good: #0b4a1e; --good-shade: #eef7f0; --bad: #8a0a1f; --bad-shade: #fdf1f2;
    --warn: #5f3b00; --warn-shade: #fdf7e8; --add: #eef7f0; --add-word: #bfe5c9; --del: #fdf1f2; --del-word: #f3c3c8;
  }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  section { break-inside: auto; }
  h1, h2, h3, h4, caption { break-after: avoid; }
  .status, .numbers li, tr, .facts { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; border: 0; }
  table { font-size: 7.5pt; }
  th, td { padding: 2pt 3pt; min-width: 0 !important; max-width: none; white-space: normal; }
  td.any, td.people, td code { overflow-wrap: anywhere; }
  .time, td code { white-space: normal; }
  nav ol { columns: 2; }
  a { text-decoration: none; }
}
`;
