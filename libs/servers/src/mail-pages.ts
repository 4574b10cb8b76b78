// The inbox's two pages, as text. Whatever comes from a mail goes through `escaped`.
import type { CaughtMail } from './caught-mail.ts';

export function inboxPage(mails: CaughtMail[]): string {
  const rows = mails.toReversed().map(
    (mail) => `<li><a href="/mails/${mail.id}">
      <strong>${escaped(mail.subject || 'No subject')}</strong>
      <span>${escaped(mail.from)} → ${escaped(mail.envelope.to.join(', '))}</span>
      <time datetime="${mail.receivedAt}">${readable(mail.receivedAt)}</time></a></li>`,
  );
  const list = rows.length
    ? `<ul>${rows.join('')}</ul>`
    : '<p class="empty">No mail yet. New ones appear by themselves.</p>';
  const clear = rows.length ? '<form method="post" action="/delete"><button>Delete all</button></form>' : '';
  return page('Mails', `<header><h1>Mails</h1>${clear}</header>${list}`, '<meta http-equiv="refresh" content="5">');
}

export function mailPage(mail: CaughtMail): string {
  const headers = mail.headers.map(({ name, value }) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('');
  const html = mail.html
    ? `<iframe title="The mail as its reader sees it" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mails/${mail.id}/html"></iframe>`
    : '';
  return page(
    mail.subject || 'No subject',
    `<header><h1>${escaped(mail.subject || 'No subject')}</h1><a href="/">All mails</a></header>
    <p>${escaped(mail.from)} → ${escaped(mail.envelope.to.join(', '))}, <time datetime="${mail.receivedAt}">${readable(mail.receivedAt)}</time></p>
    ${html}
    <details${mail.html ? '' : ' open'}><summary>Text</summary><pre>${escaped(mail.text)}</pre></details>
    <details><summary>Headers</summary><dl>${headers}</dl></details>`,
  );
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}
    <title>${escaped(title)}</title><link rel="stylesheet" href="/style.css"></head><body><main>${body}</main></body></html>`;
}

function readable(time: string): string {
  return time.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; }
li { border-top: 1px solid color-mix(in srgb, CanvasText 15%, Canvas); }
li a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .6rem; color: inherit; text-decoration: none; }
li a:hover, li a:focus-visible { background: color-mix(in srgb, CanvasText 6%, Canvas); }
li strong { grid-column: 1 / -1; overflow-wrap: anywhere; }
li span, time, .empty { color: color-mix(in srgb, CanvasText 65%, Canvas); }
iframe { width: 100%; height: 32rem; border: 1px solid color-mix(in srgb, CanvasText 15%, Canvas); background: white; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
dt { font-weight: 600; } dd { margin: 0 0 .4rem; overflow-wrap: anywhere; }
details { margin-top: 1rem; } summary { cursor: pointer; }
button { font: inherit; padding: .3rem .8rem; }
`;
