import { createHash } from 'node:crypto';

/** The styles of the page about the API, which is one file. */
export const DOCS_CSS = `:root{color-scheme:light dark;--ground:#f8f7f3;--surface:#fff;--ink:#24222e;--soft:#575566;--line:#8a8896;--link:#3b3aa8}
@media (prefers-color-scheme:dark){:root{--ground:#12121a;--surface:#1d1d27;--ink:#f2f0ea;--soft:#b3b1bd;--line:#7c7a88;--link:#b8b8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
header,main{max-width:60rem;margin:0 auto;padding:1rem}
h1{margin:0 0 .5rem;font-size:1.6rem;line-height:1.3}
h2{margin:2rem 0 .5rem;font-size:1.25rem}
h3{margin:1rem 0 .25rem;font-size:1rem}
p{margin:.5rem 0}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code{font:.875rem/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace}
.soft{color:var(--soft)}
.links{display:flex;flex-wrap:wrap;gap:0 1.25rem;margin:.5rem 0;padding:0;list-style:none}
.links a{display:inline-block;padding:.5rem 0}
details{margin:.5rem 0;border:1px solid var(--line);border-radius:.5rem;background:var(--surface)}
summary{min-height:2.75rem;padding:.5rem .75rem;cursor:pointer}
summary code{font-weight:600}
summary span{display:block;color:var(--soft)}
details>div{padding:0 .75rem .75rem}
details ul{margin:.25rem 0;padding:0 0 0 1rem;list-style:none;border-left:2px solid var(--line)}`;

/** The source of {@link DOCS_CSS} for `style-src`. */
export const DOCS_CSS_SOURCE = `'sha256-${createHash('sha256').update(DOCS_CSS).digest('base64')}'`;
