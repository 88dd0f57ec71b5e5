import { createHash } from 'node:crypto';

/**
 * The styles of share pages: part of the page, because a page that needs one request shows first.
 */
export const SHARE_CSS = `:root{color-scheme:light dark;--ground:#f8f7f3;--surface:#fff;--ink:#24222e;--soft:#575566;--line:#8a8896;--brand:#f9c932;--link:#3b3aa8}
@media (prefers-color-scheme:dark){:root{--ground:#12121a;--surface:#1d1d27;--ink:#f2f0ea;--soft:#b3b1bd;--line:#7c7a88;--link:#b8b8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:75rem;margin:0 auto;padding:1rem}
h1{margin:0 0 .5rem;font-size:1.4rem;line-height:1.3}
p{margin:.5rem 0}
.soft{color:var(--soft)}
figure{margin:1rem 0;text-align:center}
figure img,figure video{display:block;max-width:100%;width:auto;height:auto;max-height:82vh;margin:0 auto;border-radius:.75rem}
figure .tall{max-height:none}
a{color:var(--link)}
nav,.actions{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin:1rem 0}
.actions a,nav a{display:inline-flex;align-items:center;min-height:2.75rem;padding:0 1.25rem;border:1px solid var(--line);border-radius:99px;background:var(--surface);color:var(--ink);text-decoration:none;font-weight:600}
.actions a.main{background:var(--brand);border-color:var(--brand);color:#24222e}
a:hover{text-decoration:underline}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
ul{list-style:none;margin:1rem 0;padding:0;display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(14rem,46%),1fr))}
li a{display:block;position:relative;border-radius:.75rem;overflow:hidden;background:var(--surface)}
li img{display:block;width:100%;aspect-ratio:1;object-fit:cover}
li .none{display:grid;place-items:center;aspect-ratio:1}
li span{display:block;padding:.5rem .75rem;color:var(--ink);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
footer{max-width:75rem;margin:0 auto;padding:0 1rem 2rem;font-size:.875rem}`;

/** The source of {@link SHARE_CSS} for `style-src`. */
export const SHARE_CSS_SOURCE = `'sha256-${createHash('sha256').update(SHARE_CSS).digest('base64')}'`;
