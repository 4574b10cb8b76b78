// Where the agent writes. Always open: without a connection the message waits in the browser. Drafts are kept per dialogue.
import type { ResumedFrom } from '@continuo/contracts';
import { isBlank } from '@continuo/contracts/blank';
import { newId } from '@continuo/contracts/ids';
import type { Transcript } from '@continuo/transcript';
import { type DragEvent, type KeyboardEvent, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { MAX_TEXT } from '../session/protocol.ts';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';
import { MessageCardDialog } from './message-card-dialog.tsx';
import { emptyCard } from './message-card-draft.ts';
import { SurveyDialog } from './survey-dialog.tsx';

export function Composer({
  conversation,
  transcript,
  from,
}: {
  conversation: string;
  transcript: Transcript | undefined;
  from: ResumedFrom;
}) {
  const { t, f } = useTexts();
  const workplace = useWorkplace();
  const [text, setText] = useState(() => workplace.draft(conversation));
  const [tooBig, setTooBig] = useState<string[]>([]);
  const [card, setCard] = useState(() => emptyCard(newId));
  const [makingCard, setMakingCard] = useState(false);
  const [asking, setAsking] = useState(false);
  const surveys = useConsole(({ session }) => session.site?.surveys);
  const most = useConsole(({ session }) => session.site?.fileBytes ?? 0);
  const words = text.trim();
  const tooLong = words.length > MAX_TEXT;
  const ready = !isBlank(words) && !tooLong && transcript !== undefined;

  const write = (next: string): void => {
    setText(next);
    workplace.keepDraft(conversation, next);
    if (next.trim()) workplace.typing(conversation);
  };
  const send = (): void => {
    if (!ready) return;
    workplace.closing.undo(conversation);
    workplace.sending.post(conversation, words, from, workplace.now());
    write('');
  };
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // While an input method composes a character, Enter belongs to it.
    // Safari tells of it only by this number.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const take = async (list: FileList | null): Promise<void> => {
    if (!list?.length || !most || !transcript) return;
    workplace.closing.undo(conversation);
    setTooBig(await workplace.sendFiles(conversation, [...list], from));
  };
  const carriesFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files');
  const dialog = makingCard && (
    <MessageCardDialog
      draft={card}
      onDraft={setCard}
      words={text}
      onWords={write}
      mostBytes={most}
      newKey={newId}
      onSend={(made, picture) => {
        workplace.closing.undo(conversation);
        void workplace.sendCard(conversation, words, from, made, picture);
        write('');
        setCard(emptyCard(newId));
      }}
      onClose={() => setMakingCard(false)}
    />
  );
  const survey = asking && surveys && (
    <SurveyDialog
      surveys={surveys}
      words={text}
      onWords={write}
      onSend={(chosen) => {
        workplace.closing.undo(conversation);
        workplace.sending.post(conversation, words, from, workplace.now(), { survey: chosen });
        write('');
      }}
      onClose={() => setAsking(false)}
    />
  );
  const field = (
    <form
      className="k-comp"
      onDragOver={(event) => carriesFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        void take(event.dataTransfer.files);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        id="composer"
        rows={1}
        dir="auto"
        aria-label={t.dialogue.field}
        placeholder={transcript?.status === 'closed' ? t.dialogue.fieldClosed : t.dialogue.field}
        aria-invalid={tooLong || undefined}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKey}
        onPaste={(event) => {
          if (event.clipboardData.files.length === 0) return;
          event.preventDefault();
          void take(event.clipboardData.files);
        }}
      />
      {tooBig.map((name) => (
        <p key={name} className="xs bad k-toobig" role="alert">
          {t.files.tooBig(name, f.bytes(most))}
        </p>
      ))}
      <div className="bt">
        <span className={`xs gr ${tooLong ? 'bad' : 'q'}`} aria-live="polite">
          {tooLong ? (
            t.dialogue.tooLong(f.number(words.length), f.number(MAX_TEXT))
          ) : text ? (
            <span className="fx kept">
              <Icon name="check" size="xs" />
              {t.dialogue.draftKept}
            </span>
          ) : (
            <span className="wide">
              <kbd>Shift ↵</kbd> {t.dialogue.newLine}
            </span>
          )}
        </span>
        <button
          type="button"
          className="k-ib"
          disabled={!transcript}
          aria-label={t.messageCard.make}
          title={t.messageCard.make}
          onClick={() => setMakingCard(true)}
        >
          <Icon name="card" />
        </button>
        {surveys && (
          <button
            type="button"
            className="k-ib"
            disabled={!transcript}
            aria-label={t.survey.send}
            title={t.survey.send}
            onClick={() => setAsking(true)}
          >
            <Icon name="survey" />
          </button>
        )}
        {most > 0 && (
          <label className="k-pick">
            <input
              type="file"
              multiple
              disabled={!transcript}
              aria-label={t.files.attach(f.bytes(most))}
              onChange={({ currentTarget }) => {
                void take(currentTarget.files);
                // The same file may be chosen again.
                currentTarget.value = '';
              }}
            />
            <Icon name="clip" />
          </label>
        )}
        <button type="submit" className="k-btn pri" disabled={!ready}>
          <span className="wide">
            {t.dialogue.send} <kbd>↵</kbd>
          </span>
          <span className="narrow" role="img" aria-label={t.dialogue.send}>
            <Icon name="send" />
          </span>
        </button>
      </div>
    </form>
  );
  return (
    <>
      {field}
      {dialog}
      {survey}
    </>
  );
}
