/** @jsxImportSource preact */
// The files of a message: pictures small, everything else by its name; on their way with how far they have come. Fetched with the first file.

import type { AttachedFile } from '@continuo/contracts';
import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../client.ts';
import type { Texts } from '../locales/en.ts';
import { Icon } from '../panel/icons.tsx';
import type { MessageRow } from '../panel/rows.ts';
import { isShown, type Links, type LinksOf, openFile, openLinks } from './links.ts';
import { openUploads } from './uploads.ts';
import styles from './view.css?inline';

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

const PAPER = 'M5 2.8h6.4L15 6.4v10.8H5zM11.2 3v3.6H15';
const DOWN = 'M10 3.4v9M6.2 8.8l3.8 3.8 3.8-3.8M4 16.4h12';
const CROSS = 'M5.4 5.4l9.2 9.2M14.6 5.4l-9.2 9.2';

const byClient = new WeakMap<Client, LinksOf>();
function linksFor(client: Client): LinksOf {
  const known =
    byClient.get(client) ??
    openLinks((file) =>
      fetch(new URL(`files/${file}`, location.href), { headers: { Authorization: `Bearer ${client.token()}` } }),
    );
  byClient.set(client, known);
  return known;
}

interface Props {
  client: Client;
  row: MessageRow;
  texts: Texts;
}

export function Files({ client, row, texts }: Props) {
  if (row.local) return <OnItsWay {...{ client, row, texts }} />;
  return (
    <div class="co-files">
      {row.item?.files?.map((file) => (
        <OneFile key={file.id} {...{ client, file, texts }} />
      ))}
    </div>
  );
}

function OneFile({ client, file, texts }: { client: Client; file: AttachedFile; texts: Texts }) {
  const linksOf = linksFor(client);
  const [links, setLinks] = useState<Links>();
  const [broken, setBroken] = useState(false);
  const shown = isShown(file.type) && !broken;
  useEffect(() => {
    let over = false;
    if (shown) void linksOf(file.id).then((found) => !over && setLinks(found));
    return () => {
      over = true;
    };
  }, [linksOf, file.id, shown]);
  const open = () => openFile(linksOf, file.id, shown ? 'show' : 'save');
  // The same words as on the screen, in the same order.
  const about = `${file.name} ${sizeIn(file.bytes)}`;
  if (shown)
    return (
      <button type="button" class="co-pic" aria-label={texts.file.open(about)} onClick={open}>
        <img
          alt=""
          src={links?.preview ?? links?.show}
          width={file.size?.width ?? 240}
          height={file.size?.height ?? 160}
          onError={() => links && setBroken(true)}
        />
      </button>
    );
  return (
    <button type="button" class="co-file" aria-label={texts.file.save(about)} onClick={open}>
      <span class="fx">
        <Icon name={PAPER} />
      </span>
      <span class="nm">
        <b dir="auto">{file.name}</b> <small>{sizeIn(file.bytes)}</small>
      </span>
      <Icon name={DOWN} />
    </button>
  );
}

function OnItsWay({ client, row, texts }: Props) {
  const uploads = openUploads(client);
  const [, redraw] = useState(0);
  useEffect(() => uploads.subscribe(() => redraw((times) => times + 1)) as () => void, [uploads]);
  const { name, bytes, way } = row.local as NonNullable<MessageRow['local']>;
  const percent = way ? Math.floor(uploads.progress(row.key) * 100) : 100;
  return (
    // How far it is changes too often to be said each time.
    <div class="co-file" aria-live="off">
      <span class="fx">
        <Icon name={PAPER} />
      </span>
      <span class="nm">
        <b dir="auto">{name}</b>
        <small>
          {sizeIn(bytes)}
          {row.mark === 'kept' && way && ` · ${texts.file.sent(percent)}`}
        </small>
        {row.mark === 'kept' && way && <progress max={100} value={percent} aria-label={texts.file.sent(percent)} />}
      </span>
      {row.mark === 'kept' && way && (
        <button type="button" class="x" aria-label={texts.file.cancel(name)} onClick={() => client.change(row.key)}>
          <Icon name={CROSS} />
        </button>
      )}
    </div>
  );
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
/** In the visitor's language. */
export function sizeIn(bytes: number): string {
  let unit = 0;
  let shown = bytes;
  for (; shown >= 1000 && unit < UNITS.length - 1; unit++) shown /= 1000;
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: 'unit',
    unit: UNITS[unit] as string,
    // Short it is as good as none in English: "71 byte".
    unitDisplay: unit > 0 ? 'short' : 'long',
    maximumFractionDigits: unit > 1 ? 1 : 0,
  }).format(shown);
}
