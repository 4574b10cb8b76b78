/** @jsxImportSource preact */
// What stands below the last line: the offer to be answered by e-mail as well and, after the end, the question how the visitor was helped; below a message that was refused what to do with it; and what
// shows agents that he types. A file of its own, fetched with the first word.
import type { Client, State } from '../client.ts';
import type { Texts } from '../locales/en.ts';
import { useChunk } from './chunk.ts';
import { EmailOffer } from './email-offer.tsx';
import type { Head } from './head.ts';
import { Icon } from './icons.tsx';
import { Rating } from './rating.tsx';
import type { MessageRow } from './rows.ts';
import { openTypingPreview, type TypingPreview } from './typing-preview.ts';

let preview: TypingPreview | undefined;
/** Shows agents the text in the field; without one it was sent. Before the first word nobody sees any. */
export function typed(client: Client, text?: string): void {
  preview ??= openTypingPreview(client.typing);
  if (text === undefined) preview.stop();
  else preview.type(text);
}

/** Most dialogues are not answered yet when this comes. */
const OFFER = () => import('./transcript/transcript-offer.tsx');
const WHY = () => import('./why-not/why-not.ts');

interface Props {
  client: Client;
  head: Head;
  texts: Texts;
  state: State;
  /** What he has typed and not left yet, e.g. in the form that stood here while nobody was there. */
  email: string;
  onType(email: string): void;
}

export function After({ client, head, texts, state, email, onType }: Props) {
  const offered = useChunk(OFFER, (state.known.transcript?.lastOf.agent ?? 0) > 0);
  return (
    <>
      <Offer
        {...{ head, texts, state, email, onType }}
        onEmail={(left) => {
          leaveEmail(client, left);
          onType('');
        }}
      />
      <Rating {...{ texts, state }} onRate={(score, comment) => client.post({ kind: 'rating', score, comment })} />
      {offered && <offered.TranscriptOffer {...{ client, state, texts }} />}
    </>
  );
}

interface OfferProps extends Omit<Props, 'client'> {
  onEmail(email: string): void;
}

function Offer({ head, texts, state, email, onType, onEmail }: OfferProps) {
  const { transcript } = state.known;
  const kept = state.parcels.find(
    ({ kind, refusal }) => (kind === 'email' || kind === 'offline') && refusal === undefined,
  );
  if (kept?.kind === 'email')
    return (
      <p class="co-sys">
        <Icon name="clock" size="sm" />
        {texts.mail.answersTo(kept.email)}
      </p>
    );
  if (kept || transcript?.contact.email || head.state === 'ended') return null;
  // Nobody answered in time: then the mail is offered by itself, whoever is there now.
  const late = transcript?.items.findLast(({ kind }) => kind === 'conversation-missed');
  const missed = late && late.number > (transcript?.lastOf.agent ?? 0) && texts.mail.noTime;
  const urgent = { offline: texts.head.offline, away: texts.mail.noTime }[head.state as string] ?? missed;
  return <EmailOffer {...{ texts, urgent, email, onType, onEmail }} />;
}

/** In the place of those that were refused. */
function leaveEmail(client: Client, email: string): void {
  for (const { id, kind, refusal } of client.state().parcels)
    if (kind === 'email' && refusal !== undefined) client.change(id);
  client.post({ kind: 'email', email });
}

/** The gateway can store nothing for the moment. */
export function Full({ texts }: { texts: Texts }) {
  return (
    <div class="co-note">
      <Icon name="clock" />
      <span class="grow">{texts.full}</span>
    </div>
  );
}

interface RefusedProps extends Pick<Props, 'client' | 'texts'> {
  row: MessageRow;
  onAgain(id: string): void;
  onEdit(id: string): void;
}

export const RETRY = 'M16 5v3.6h-3.6M15.6 8.6A6 6 0 1 0 16 11.4';

/** Nothing that was refused stays for ever: it goes out again, back into the field, or away. */
export function Refused({ client, row, texts, onAgain, onEdit }: RefusedProps) {
  const { key, text, local, pressed, refusal = '' } = row;
  const why = useChunk(WHY, !!local);
  const final = local && (why ? why.reasonIn(document.documentElement.lang, refusal, local.name, client) : '');
  return (
    <li class="co-fail bad">
      {final || texts.failed}
      {final === undefined && (
        <button type="button" onClick={() => onAgain(key)}>
          <Icon name={RETRY} size="sm" />
          {texts.sendAgain}
        </button>
      )}
      {text && !local && !pressed && (
        <button type="button" onClick={() => onEdit(key)}>
          {texts.edit}
        </button>
      )}
      <button type="button" onClick={() => client.change(key)}>
        {texts.file.remove}
      </button>
    </li>
  );
}
