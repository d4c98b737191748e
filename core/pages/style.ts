/** Colours hold AA contrast on both grounds; --s1 to --s6 are the series of the charts. */
export const STYLE = `:root{color-scheme:light dark;--ink:#16202b;--quiet:#4a5866;--paper:#fff;--line:#d7dde3;--soft:#f1f4f7;--main:#16324f;--on:#fff;--bad:#a11622;--good:#14603a;--s1:#1f5fa8;--s2:#b04a0a;--s3:#14603a;--s4:#7a3a8c;--s5:#6b6f00;--s6:#a11622}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--quiet:#a9b6c2;--paper:#11181f;--line:#33404d;--soft:#1b2530;--main:#9cc4ee;--on:#0d141b;--bad:#ff9a9f;--good:#8fdcb0;--s1:#7db8f5;--s2:#f2a56b;--s3:#8fdcb0;--s4:#d3a4e3;--s5:#d6d967;--s6:#ff9a9f}}
*{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:46rem;padding:1rem;color:var(--ink);background:var(--paper)}body.wide{max-width:76rem}
h1{font-size:1.35rem;margin:.4rem 0}h2{font-size:1.1rem;margin:1.8rem 0 .4rem}h3{font-size:1rem;margin:.2rem 0}a{color:var(--main)}ul{padding-left:1.2rem}nav a,nav strong{display:inline-block;margin-right:.9rem;padding:.3rem 0}ul.plain,ol.plain{list-style:none;padding:0}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
.card{border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem;margin:.6rem 0;overflow-wrap:anywhere}.bad{color:var(--bad);font-weight:700}.good{color:var(--good)}
.note{border-left:4px solid var(--main);background:var(--soft);padding:.6rem .8rem;margin:.8rem 0}.note.bad{border-color:var(--bad)}
.msg{max-width:85%;padding:.5rem .7rem;margin:.4rem 0;border-radius:.7rem;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}.out{margin-left:auto;border:1px solid var(--line);background:transparent}
.meta{display:block;font-size:.85rem;color:var(--quiet)}textarea,select,input{font:inherit;width:100%;padding:.6rem;border:1px solid var(--quiet);border-radius:.4rem;background:var(--paper);color:var(--ink)}
button{font:inherit;min-height:2.8rem;padding:.5rem 1rem;margin:.4rem .4rem .4rem 0;border:1px solid var(--main);border-radius:.5rem;background:transparent;color:var(--main)}
button.main{background:var(--main);color:var(--on)}label{display:block;margin-top:.5rem}.code{font:14px/1.4 ui-monospace,monospace}[aria-invalid=true]{border:2px solid var(--bad)}:focus-visible{outline:3px solid var(--main);outline-offset:2px}.row form{display:inline-block}
table{border-collapse:collapse;width:100%;font-size:.95rem}td,th{padding:.35rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.scroll{overflow-x:auto}
blockquote{margin:.3rem 0;padding:.4rem .8rem;border-left:4px solid var(--line);background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}blockquote.agent{border-color:var(--main)}
pre{font:14px/1.4 ui-monospace,monospace;background:var(--soft);padding:.7rem;border-radius:.4rem;overflow:auto;white-space:pre-wrap}del{color:var(--bad)}ins{color:var(--good)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem;padding:0;list-style:none}.tiles li{border:1px solid var(--line);border-radius:.6rem;padding:.6rem .8rem}.tiles b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:.8rem}.charts figure{margin:0;border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem}figcaption{font-weight:700}svg{display:block;width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:var(--quiet)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.3rem 0;list-style:none;font-size:.9rem}.legend svg{display:inline-block;width:1.6rem;height:.8rem;vertical-align:middle;margin-right:.3rem}
.bar{height:1.1rem;background:var(--s1);border-radius:.2rem;min-width:2px}summary{cursor:pointer;padding:.4rem 0}
/* A finger needs 44 pixels: of each control, and of each link that stands by itself. */
@media(max-width:40rem),(pointer:coarse){a,summary,nav strong{display:inline-block;min-height:2.75rem;min-width:2.75rem;padding:.6rem 0}summary{display:list-item}textarea,select,input{min-height:2.75rem}}`;
