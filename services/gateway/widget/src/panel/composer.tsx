/** @jsxImportSource preact */
// The field. It is never locked: busy, away or without network, what is written here is kept on the device and goes out by itself.
import { useLayoutEffect, useRef } from 'preact/hooks';
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
}

export function Composer({ texts, draft, preview, onDraft, onSend }: Props) {
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

  return (
    <form class="co-comp" onSubmit={submit}>
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
        />
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
