// The files of a message: pictures small, everything else by its name; an agent's own with how far they have come.
import type { AttachedFile } from '@continuo/contracts';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { isShown, type Links, openFile } from '../../../widget/src/files/links.ts';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import type { Outgoing } from '../session/outbox.ts';
import { useWorkplace } from '../session/use-workplace.ts';
import { linksOf } from './file-links.ts';

export function Files({ files }: { files: readonly AttachedFile[] }) {
  return (
    <div className="k-files">
      {files.map((file) => (
        <OneFile key={file.id} file={file} />
      ))}
    </div>
  );
}

function OneFile({ file }: { file: AttachedFile }) {
  const { t, f } = useTexts();
  const [links, setLinks] = useState<Links>();
  const [broken, setBroken] = useState(false);
  const shown = isShown(file.type) && !broken;
  useEffect(() => {
    let over = false;
    if (shown) void linksOf(file.id).then((found) => !over && setLinks(found));
    return () => {
      over = true;
    };
  }, [file.id, shown]);
  // The same words as on the screen, in the same order.
  const about = `${file.name} ${f.bytes(file.bytes)}`;
  if (shown)
    return (
      <button
        type="button"
        className="k-pic"
        aria-label={t.files.open(about)}
        onClick={() => openFile(linksOf, file.id, 'show')}
      >
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
    <button
      type="button"
      className="k-file"
      aria-label={t.files.save(about)}
      onClick={() => openFile(linksOf, file.id, 'save')}
    >
      <Icon name="paper" />
      <span className="nm">
        <b dir="auto">{file.name}</b> <small>{f.bytes(file.bytes)}</small>
      </span>
      <Icon name="down" size="sm" />
    </button>
  );
}

export function FileOnItsWay({ outgoing }: { outgoing: Outgoing }) {
  const { t, f } = useTexts();
  const { uploads, sending } = useWorkplace();
  const part = useSyncExternalStore(uploads.subscribe, () => uploads.progress(outgoing.id));
  const { file, refused } = outgoing;
  if (!file) return null;
  const percent = Math.floor((file.way ? part : 1) * 100);
  return (
    <div className="k-file">
      <Icon name="paper" />
      <span className="nm">
        <b dir="auto">{file.name}</b>
        <small>
          {f.bytes(file.bytes)}
          {file.way && !refused && ` · ${t.files.sent(percent)}`}
        </small>
        {file.way && !refused && <progress max={100} value={percent} aria-label={t.files.sent(percent)} />}
      </span>
      {file.way && !refused && (
        <button type="button" className="k-btn sm ghost" onClick={() => sending.discard(outgoing.id)}>
          {t.files.cancel}
        </button>
      )}
    </div>
  );
}
