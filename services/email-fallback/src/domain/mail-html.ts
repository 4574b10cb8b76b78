// The mail as HTML for mail programs: tables of 600 px, styles inline, no picture, dark where the reader is dark.
// Everything a person wrote goes through `escaped` or `paragraph`, nowhere else into the markup.
import type { LetterView } from './compose.ts';
import { isRightToLeft } from './words.ts';

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Inter,'Noto Sans',Arial,sans-serif";
const ACCENT = '#0b6b5d';
const TABLE = 'role="presentation" cellpadding="0" cellspacing="0"';

const DARK = `.bg{background:#0d1311!important}.cd{background:#151c19!important;border-color:#29342f!important}.tx{color:#e7eeea!important}.t2{color:#b5c1bb!important}.qt{background:#1c2521!important}`;
/** Only for our own accent: a company's colour stays what it is. */
const DARK_ACCENT = '.bt{background:#54c2ac!important;color:#04201b!important}.ln{background:#54c2ac!important}';
const NARROW =
  '.w{width:100%!important}.px{padding-left:20px!important;padding-right:20px!important}.bt{display:block!important;text-align:center!important}';

export function asHtml(view: LetterView): string {
  const accent = view.accent ?? ACCENT;
  const dir = isRightToLeft(view.words) ? ' dir="rtl"' : '';
  const dark = view.accent === undefined ? DARK + DARK_ACCENT : DARK;
  return `<!doctype html><html lang="${view.words.lang}"${dir}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escaped(view.brand)}</title><style>@media (prefers-color-scheme:dark){${dark}}@media (max-width:620px){${NARROW}}</style></head>
<body class="bg" style="margin:0;padding:0;background:#f2f5f3">
<div style="display:none;max-height:0;overflow:hidden">${escaped(view.preview)}</div>
<table ${TABLE} width="100%"${dir} class="bg" bgcolor="#f2f5f3" style="background:#f2f5f3"><tr><td align="center" style="padding:32px 12px">
<table ${TABLE} class="w" width="600" style="width:600px">
<tr><td class="t2" style="padding:0 4px 14px;${FONT};font-size:15px;font-weight:600;color:#485650">${escaped(view.brand)}</td></tr>
<tr><td class="cd" bgcolor="#ffffff" style="background:#ffffff;border:1px solid #dde4e0;border-radius:12px">
<table ${TABLE} width="100%">
${view.answers.map((answer, index) => answerRows(answer, view.brand, index === 0, accent)).join('\n')}
<tr><td class="px" style="padding:24px 32px 6px"><a class="bt" href="${escaped(view.link)}" style="display:inline-block;background:${accent};color:${readableOn(accent)};${FONT};font-size:16px;line-height:48px;font-weight:600;text-decoration:none;padding:0 24px;border-radius:10px">${view.words.resume}</a></td></tr>
<tr><td class="px t2" style="padding:4px 32px 26px;${FONT};font-size:14px;line-height:21px;color:#485650">${view.words.howToAnswer}</td></tr>
${earlierRow(view)}</table></td></tr>
<tr><td class="t2" style="padding:18px 4px 0;${FONT};font-size:12px;line-height:19px;color:#5f6d67">${escaped(view.why)}<br>${view.ticket} · ${escaped(view.brand)}</td></tr>
</table></td></tr></table></body></html>
`;
}

function answerRows(answer: LetterView['answers'][number], brand: string, first: boolean, accent: string): string {
  const face = `<td width="40" height="40" align="center" bgcolor="#d5e6e1" style="width:40px;height:40px;border-radius:20px;background:#d5e6e1;color:#0b4a40;${FONT};font-size:14px;font-weight:600;line-height:40px">${escaped(answer.initials)}</td>`;
  const who = `<div class="tx" style="font-size:16px;line-height:21px;font-weight:600;color:#15201c">${escaped(answer.name)}</div><div class="t2" style="font-size:13px;line-height:19px;color:#485650">${answer.own ? '' : `${escaped(brand)} · `}${answer.when}</div>`;
  const line = `<tr><td style="padding:16px 0 0"><table ${TABLE} width="100%"><tr><td class="ln" height="2" bgcolor="${accent}" style="height:2px;line-height:2px;font-size:0;background:${accent}">&nbsp;</td></tr></table></td></tr>`;
  return `<tr><td class="px" style="padding:26px 32px 0"><table ${TABLE} width="100%"><tr><td width="40" valign="top" style="width:40px"><table ${TABLE}><tr>${face}</tr></table></td><td style="padding:0 12px;${FONT}">${who}</td></tr></table></td></tr>
${first ? `${line}\n` : ''}${answer.texts
  .map(
    (text, index) =>
      `<tr><td class="px tx" dir="auto" style="padding:${index === 0 ? 22 : 14}px 32px 0;${FONT};font-size:16px;line-height:25px;color:#15201c">${paragraph(text)}</td></tr>`,
  )
  .join('\n')}`;
}

function earlierRow({ earlier, words }: LetterView): string {
  if (earlier.length === 0) return '';
  const messages = earlier.map(
    ({ name, when, text }, index) =>
      `<div class="t2" style="${FONT};font-size:14px;line-height:20px;color:#485650${index === earlier.length - 1 ? '' : ';padding-bottom:8px'}"><b style="font-weight:600">${escaped(name)}</b>, ${when}<div dir="auto">${paragraph(text)}</div></div>`,
  );
  return `<tr><td class="px" style="padding:0 32px 28px"><table ${TABLE} width="100%" class="qt" bgcolor="#f7f9f8" style="background:#f7f9f8;border-radius:10px"><tr><td style="padding:16px 18px">
<div class="t2" style="${FONT};font-size:12px;line-height:17px;color:#5f6d67;padding-bottom:8px">${words.earlier}</div>
${messages.join('\n')}</td></tr></table></td></tr>
`;
}

const ENTITY: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Safe as text and inside a quoted attribute. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITY[char] as string);
const paragraph = (text: string): string => escaped(text).replace(/\r\n?|\n/g, '<br>');

/** White or nearly black, whichever stands out more from a colour `#rrggbb` (WCAG relative luminance). */
function readableOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#10130f' : '#ffffff';
}
