/** @jsxImportSource preact */
// The field. It is never locked: busy, away or without network, what is written here is kept on the device and goes out by itself.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { LONGEST_TEXT } from '../limits.ts';
import type { Texts } from '../locales/en.ts';
import { Icon } from './icons.tsx';

interface Props {
  texts: Texts;
  draft: string;
  /** Whether agents see the text while it is typed: then it is said. */
  preview: boolean;
  onDraft(text: string): void;
  onSend(text: string): void;
  /** Sends files, and says which are too large; without it none are taken. */
  onFiles: ((files: File[]) => Promise<string[]>) | undefined;
  mostBytes: number;
}

/** A finger, so most likely a camera. */
const TOUCH = matchMedia('(pointer: coarse)').matches;

export function Composer({ texts, draft, preview, onDraft, onSend, onFiles, mostBytes }: Props) {
  const [tooBig, setTooBig] = useState<string[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);
  const over = draft.trim().length - LONGEST_TEXT;
  const sendable = draft.trim() !== '' && over <= 0;

  function submit(event: Event): void {
    event.preventDefault();
    if (!sendable) return;
    onSend(draft.trim());
    field.current?.focus();
  }
  function onKeyDown(event: KeyboardEvent): void {
    // While an input method composes a word, Enter belongs to it.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
    else if (event.key === 'ArrowUp' && draft === '') document.querySelector<HTMLElement>('[role=log]')?.focus();
  }
  useGrowing(field, draft);

  async function take(list: FileList | null | undefined): Promise<void> {
    if (!onFiles || !list?.length) return;
    // Without a network the code that sends files may be missing: the file stays where it is, and so does the visitor.
    setTooBig(await onFiles([...list]).catch(() => []));
    field.current?.focus();
  }
  const carriesFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files');
  const pick = (capture: boolean) => (
    <label class="co-pick">
      <input
        type="file"
        multiple={!capture}
        {...(capture && { accept: 'image/*', capture: 'environment' })}
        aria-label={capture ? texts.file.camera : texts.file.attach(mostBytes / 1e6)}
        onChange={({ currentTarget }) => {
          void take(currentTarget.files);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
      <Icon name={capture ? 'camera' : 'clip'} />
    </label>
  );

  return (
    <form
      class="co-comp"
      onSubmit={submit}
      onDragOver={(event) => carriesFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        void take(event.dataTransfer?.files);
      }}
    >
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
            if (!onFiles || !event.clipboardData?.files.length) return;
            event.preventDefault();
            void take(event.clipboardData.files);
          }}
        />
        {onFiles && TOUCH && pick(true)}
        {onFiles && pick(false)}
        <button
          class={`co-send${sendable ? '' : ' off'}`}
          type="submit"
          aria-label={texts.send}
          aria-disabled={!sendable}
        >
          <Icon name="send" />
        </button>
      </div>
      {tooBig.map((name, index) => (
        <p key={index} class="co-legal bad" role="status">
          {texts.file.tooBig(name, mostBytes / 1e6)}
        </p>
      ))}
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
