/** @jsxImportSource preact */
// The panel: head, line, dialogue or offline form, field. It draws what the client knows and hands on what the visitor does.
import { useEffect, useState } from 'preact/hooks';
import type { Client, State } from '../client.ts';
import type { Line } from '../connection.ts';
import { panelName } from '../launcher-words.ts';
import type { Texts } from '../locales/en.ts';
import { Composer } from './composer.tsx';
import { EmailOffer } from './email-offer.tsx';
import { Bead, Face } from './face.tsx';
import { type Head, headOf } from './head.ts';
import { Icon } from './icons.tsx';
import { Log } from './log.tsx';
import { OfflineForm } from './offline-form.tsx';
import { Rating } from './rating.tsx';
import { rowsOf } from './rows.ts';
import type { Times } from './times.ts';

/** A shorter loss is not worth a word: the line comes back before it is read. */
const LOST_AFTER = 2_000;

export interface AppProps {
  client: Client;
  texts: Texts;
  times: Times;
  onMinimise(): void;
}

export function App({ client, texts, times, onMinimise }: AppProps) {
  const state = useClient(client);
  const { known, parcels, line } = state;
  const [draft, setDraft] = useState(client.draft);
  const lost = useLost(line);
  const head = headOf(known, line, lost);
  const begun = known.transcript !== undefined || parcels.some(({ kind }) => kind === 'message' || kind === 'offline');
  const site = known.site?.name;

  const onDraft = (text: string) => {
    setDraft(text);
    client.keepDraft(text);
    client.typing(text);
  };
  const sent = (send: () => void) => {
    send();
    setDraft('');
    client.keepDraft('');
  };
  return (
    <section class="co co-panel" role="dialog" aria-label={site ? panelName(texts.launcher, site) : texts.chat}>
      <HeadBar {...{ head, texts, times, state, onMinimise }} />
      <div class={`co-line is-${head.stroke}`} />
      {head.state === 'lost' && <Lost texts={texts} onTry={client.wake} />}
      {head.state !== 'lost' && state.full && <Full texts={texts} />}
      {known.availability === 'offline' && !begun ? (
        <OfflineForm {...{ texts, draft, onDraft }} onLeave={(text, email) => sent(() => client.leave(text, email))} />
      ) : (
        <>
          <Log
            rows={rowsOf(known.transcript, parcels, known.delivered)}
            {...{ client, texts, times }}
            waiting={head.state === 'lost'}
            typing={head.state === 'lost' ? undefined : known.typing}
            onAgain={client.sendAgain}
            before={<Before {...{ head, texts, begun, state }} />}
            after={
              begun && (
                <>
                  <Offer {...{ head, texts, state }} onEmail={client.identify} />
                  <Rating {...{ texts, state }} onRate={client.rate} />
                </>
              )
            }
          />
          <Composer
            {...{ texts, draft, onDraft }}
            preview={known.site?.typingPreview === true}
            onSend={(text) => sent(() => client.send(text))}
            onFiles={known.site?.fileBytes ? (files) => sendFiles(client, files) : undefined}
            mostBytes={known.site?.fileBytes ?? 0}
          />
        </>
      )}
    </section>
  );
}

/** @returns the names of those that are too large */
const sendFiles = async (client: Client, files: File[]): Promise<string[]> =>
  (await import('../files/uploads.ts')).openUploads(client).add(files);

function HeadBar({ head, texts, times, state, onMinimise }: Omit<AppProps, 'client'> & { head: Head; state: State }) {
  const { site, transcript } = state.known;
  const words = head.state === 'ended' ? texts.ended(times.clock(transcript?.closedAt ?? 0)) : texts.head[head.state];
  return (
    <header class="co-head">
      <Bead photo={head.agent?.photo} presence={head.presence} />
      <div class="co-who">
        <h2>{head.agent?.name ?? site?.name ?? texts.chat}</h2>
        <p role="status">{words}</p>
      </div>
      <button type="button" class="co-ib" aria-label={texts.minimise} onClick={onMinimise}>
        <Icon name="down" />
      </button>
    </header>
  );
}

function Lost({ texts, onTry }: { texts: Texts; onTry(): void }) {
  return (
    <div class="co-note warn" role="status">
      <Icon name="cut" />
      <span class="grow">{texts.lost}</span>
      <button type="button" onClick={onTry}>
        {texts.tryNow}
      </button>
    </div>
  );
}

function Full({ texts }: { texts: Texts }) {
  return (
    <div class="co-note warn" role="status">
      <Icon name="clock" />
      <span class="grow">{texts.full}</span>
    </div>
  );
}

/** Before the first word: who is here and that writing is safe. Once written, only that all are busy, while nobody has it. */
function Before({ head, texts, begun, state }: { head: Head; texts: Texts; begun: boolean; state: State }) {
  if (head.state === 'busy')
    return (
      <div class="co-queue" role="status">
        <h3>{texts.head.busy}</h3>
        <p>{texts.busyKept}</p>
      </div>
    );
  if (begun || head.state === 'lost') return null;
  const faces = state.known.agents.filter((agent) => agent.photo);
  return (
    <div class="co-hello">
      <span class="co-faces">{faces.length > 1 && faces.map(({ id, photo }) => <Face key={id} photo={photo} />)}</span>
      <p>{texts.welcome}</p>
    </div>
  );
}

function Offer({ head, texts, state, onEmail }: { head: Head; texts: Texts; state: State; onEmail(e: string): void }) {
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
  const urgent = { offline: texts.mail.nobody, away: texts.mail.noTime }[head.state as string];
  return <EmailOffer {...{ texts, urgent, onEmail }} />;
}

function useClient(client: Client): State {
  const [state, setState] = useState(client.state);
  useEffect(() => {
    const look = () => setState(client.state());
    look();
    return client.subscribe(look) as () => void;
  }, [client]);
  return state;
}

function useLost(line: Line): boolean {
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (line === 'live') return setLost(false);
    const timer = setTimeout(() => setLost(true), LOST_AFTER);
    return () => clearTimeout(timer);
  }, [line === 'live']);
  return lost;
}
