/** @jsxImportSource preact */
// The field. It is never locked: busy, away or without network, what is written here is kept on the device and goes out by itself.
import { isBlank } from '@continuo/contracts/blank';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { LONGEST_TEXT } from '../limits.ts';
import type { Texts } from '../locales/en.ts';
import { useChunk } from './chunk.ts';
import { Icon } from './icons.tsx';

interface Props {
  texts: Texts;
  draft: string;
  /** Whether agents see the text while it is typed: then it is said. */
  preview: boolean;
  onDraft(text: string): void;
  onSend(text: string): void;
  onFiles(files: FileList | null | undefined): void;
  /** Of one file; without it none are taken. */
  mostBytes: number;
}

/** A finger, so most likely a camera. */
const TOUCH = matchMedia('(pointer: coarse)').matches;
const EMOJI = () => import('./emoji/emoji.tsx');

export function Composer({ texts, draft, preview, onDraft, onSend, onFiles, mostBytes }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [choosing, setChoosing] = useState(false);
  const emoji = useChunk(EMOJI, choosing);
  const over = draft.trim().length - LONGEST_TEXT;
  const sendable = !isBlank(draft) && over <= 0;

  function submit(event: Event): void {
    event.preventDefault();
    if (!sendable) return;
    onSend(draft.trim());
    field.current?.focus();
  }
  function onKeyDown(event: KeyboardEvent): void {
    // While an input method composes a word, Enter belongs to it.
    // Safari tells of it only by this number.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
    else if (event.key === 'ArrowUp' && draft === '') document.querySelector<HTMLElement>('[role=log]')?.focus();
  }
  useGrowing(field, draft);

  const pick = (capture: boolean) => (
    <label class="co-pick">
      <input
        type="file"
        multiple={!capture}
        {...(capture && { accept: 'image/*', capture: 'environment' })}
        aria-label={capture ? texts.file.camera : texts.file.attach(mostBytes / 1e6)}
        onChange={({ currentTarget }) => {
          onFiles(currentTarget.files);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
      <Icon name={capture ? 'camera' : 'clip'} />
    </label>
  );

  return (
    <form class="co-comp" onSubmit={submit}>
      {choosing && emoji && <emoji.Picker name={texts.emoji} onClose={() => setChoosing(false)} />}
      <div class="co-box">
        <textarea
          ref={field}
          class="ta"
          rows={1}
          dir="auto"
          enterkeyhint="send"
          placeholder={texts.field}
          aria-label={texts.field}
          aria-describedby={preview ? 'co-preview' : undefined}
          value={draft}
          onInput={(event) => onDraft(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (!mostBytes || !event.clipboardData?.files.length) return;
            event.preventDefault();
            onFiles(event.clipboardData.files);
          }}
        />
        {mostBytes > 0 && TOUCH && pick(true)}
        {mostBytes > 0 && pick(false)}
        <button
          class="co-ib"
          type="button"
          aria-label={texts.emoji}
          aria-expanded={choosing}
          onClick={() => setChoosing(!choosing)}
        >
          <Icon name="smile" />
        </button>
        <button
          class={`co-send${sendable ? '' : ' off'}`}
          type="submit"
          aria-label={texts.send}
          aria-disabled={!sendable}
        >
          <Icon name="send" />
        </button>
      </div>
      {over > 0 ? (
        <p class="co-legal bad" role="status">
          {texts.tooLong(over)}
        </p>
      ) : (
        preview && (
          <p class="co-legal" id="co-preview">
            <Icon name="eye" />
            {texts.preview}
          </p>
        )
      )}
    </form>
  );
}

/** As high as its text, up to what the style sheet allows. */
function useGrowing(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const box = field.current;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  }, [text]);
}
