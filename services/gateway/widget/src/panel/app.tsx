/** @jsxImportSource preact */
// The panel: head, line, dialogue or offline form, field. It draws what the client knows and hands on what the visitor does.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Client, State } from '../client.ts';
import type { Draft, Typed } from '../drafts.ts';
import { panelName } from '../launcher-words.ts';
import type { Texts } from '../locales/en.ts';
import type { Parcel } from '../outbox.ts';
import { Announcer } from './announcer.tsx';
import { useChunk } from './chunk.ts';
import { Composer } from './composer.tsx';
import { Bead, Face } from './face.tsx';
import type { Forms } from './forms/forms.tsx';
import { type Head, headOf, mayShowForm } from './head.ts';
import { Icon } from './icons.tsx';
import { focusField } from './keep-focus.ts';
import { Log } from './log.tsx';
import { AFTER } from './message.tsx';
import { rowsOf } from './rows.ts';
import { greetingIn } from './site-look.ts';
import type { Times } from './times.ts';
import { useForms } from './use-forms.ts';

/** A shorter loss is not worth a word: the line comes back before it is read. */
const LOST_AFTER = 2_000;
const AGAIN_AFTER = 2_000;
const SOUND = () => import('./sound/sound.tsx');

export interface AppProps {
  client: Client;
  texts: Texts;
  times: Times;
  language: string;
  /** The language with the visitor’s region. */
  region: string;
  /** Those that were fetched before the panel was shown. */
  forms: Forms | undefined;
  /** What was typed before. */
  draft: Draft;
  /** The head alone comes first. */
  whole: boolean;
  onMinimise(): void;
}

export function App(props: AppProps) {
  const { client, texts, times, language, region, forms: first, draft: kept, whole, onMinimise } = props;
  const state = useClient(client);
  const { known, parcels, line } = state;
  const [typed, setTyped] = useState(kept.typed);
  const lost = useLost(line === 'live' && known.storing);
  const head = headOf(known, line, lost);
  const begun =
    known.transcript !== undefined ||
    parcels.some(({ kind }) => kind === 'message' || kind === 'offline' || kind === 'callback');
  const after = useChunk(AFTER, begun);
  const sound = useChunk(SOUND, begun);
  const site = known.site?.name;
  /** He has asked for the form of a call: instead of what was refused, or anew. */
  const [calling, setCalling] = useState<{ instead?: string }>();
  const wanted = calling !== undefined || !['free', undefined].includes(known.availability);
  const forms = useForms(language, wanted, first);
  /** Files for which the code that sends them could not be had yet. */
  const [held, setHeld] = useState<Parcel[]>([]);
  /** Files are held over the panel. */
  const [dragged, setDragged] = useState(false);
  const call = known.site?.callback && (
    <button type="button" class="co-quiet" onClick={() => setCalling({})}>
      <Icon name="phone" size="sm" />
      {texts.callMe}
    </button>
  );

  const type = (change: Partial<Typed>) => {
    const now = { ...typed, ...change };
    setTyped(now);
    kept.keep(now);
  };
  const onDraft = (text: string) => {
    type({ text });
    after?.typed(client, text);
  };
  const mostBytes = known.site?.fileBytes ?? 0;
  const asks = forms && mayShowForm(head, begun);
  const take = async (files: FileList | null | undefined) => {
    const taken = [...(files ?? [])];
    if (!taken[0]) return;
    focusField(document);
    let mine: Parcel[] = [];
    const uploads = await fetchUploads(() => {
      const at = client.now();
      mine = taken.map(({ name, type, size }, n) => ({
        id: `${at}-${n}`,
        at,
        kind: 'upload',
        file: { name, type, bytes: size },
      }));
      setHeld((others) => [...others, ...mine]);
    });
    setHeld((all) => all.filter((one) => !mine.includes(one)));
    await uploads.openUploads(client).add(taken);
  };
  const drag = (event: DragEvent) => {
    const carried = event.dataTransfer;
    if (!carried?.types.includes('Files')) return;
    // Else the browser would show the file in the place of the chat.
    event.preventDefault();
    const taken = whole && mostBytes > 0 && !asks && !calling;
    const dropped = event.type === 'drop';
    if (!taken) carried.dropEffect = 'none';
    else if (dropped) void take(carried.files);
    setDragged(taken && !dropped);
  };
  /** What was refused is his again: before whatever he has begun to write since. */
  const edit = (id: string) => {
    const parcel = parcels.find((one) => one.id === id);
    if (!parcel || !('text' in parcel)) return;
    const text = [parcel.text, typed.text].filter(Boolean).join('\n');
    after?.typed(client, text);
    type({ text, ...(parcel.kind === 'offline' && { email: parcel.email, phone: parcel.phone?.phone ?? '' }) });
    client.change(id);
  };
  return (
    <section
      class={`co co-panel${dragged ? ' drop' : ''}`}
      role="dialog"
      aria-label={site ? panelName(texts.launcher, site) : texts.chat}
      onDragOver={drag}
      onDrop={drag}
      onDragLeave={({ relatedTarget }) => relatedTarget ?? setDragged(false)}
    >
      <HeadBar {...{ head, texts, times, state, onMinimise }}>{sound && <sound.SoundButton client={client} />}</HeadBar>
      <Announcer {...{ state, texts }} />
      <div class={`co-line is-${head.stroke}`} />
      {/* Always there: what is put up together with its words is not spoken. */}
      <div role="status">
        {head.state === 'lost' ? (
          <Lost texts={texts} onTry={client.wake} />
        ) : (
          state.full && after && <after.Full texts={texts} />
        )}
      </div>
      {!whole ? null : forms && calling ? (
        <forms.CallbackForm
          {...{ texts, times, region }}
          words={forms.words}
          now={client.now()}
          site={known.site}
          before={callOf(parcels, calling.instead) ?? typed}
          onAsk={(asked) => {
            if (calling.instead) client.change(calling.instead);
            client.post({ kind: 'callback', call: asked });
            type({ phone: '' });
            setCalling(undefined);
          }}
          onBack={() => setCalling(undefined)}
        />
      ) : asks ? (
        <forms.OfflineForm
          {...{ texts, times, region, typed }}
          words={forms.words}
          now={client.now()}
          site={known.site}
          onType={type}
          onLeave={(text, email, phone) => {
            client.post({ kind: 'offline', text, email, ...(phone && { phone }) });
            type({ text: '', email: '', phone: '' });
          }}
        >
          {call}
        </forms.OfflineForm>
      ) : (
        <>
          <Log
            rows={rowsOf(known.transcript, [...parcels, ...held], known.delivered)}
            {...{ client, texts, times }}
            waiting={head.state === 'lost'}
            typing={head.state === 'lost' ? undefined : known.typing}
            onAgain={client.sendAgain}
            onEdit={edit}
            onCall={(instead) => setCalling({ instead })}
            before={
              <Before {...{ head, texts, begun, state, forms, region, language }} lasts={kept.lasts}>
                {call}
              </Before>
            }
            after={
              <>
                {head.state === 'offline' && forms && (
                  <forms.Back {...{ times, region }} words={forms.words} now={client.now()} site={known.site} />
                )}
                {begun && after && (
                  <after.After
                    {...{ client, head, texts, state }}
                    email={typed.email}
                    onType={(email) => type({ email })}
                  />
                )}
              </>
            }
          />
          <Composer
            {...{ texts, onDraft }}
            draft={typed.text}
            preview={known.site?.typingPreview === true && head.state !== 'offline'}
            onSend={(text) => {
              after?.typed(client);
              client.send(text);
              type({ text: '' });
            }}
            onFiles={take}
            mostBytes={mostBytes}
          />
        </>
      )}
    </section>
  );
}

/** @param onLost it cannot be had now; it is asked for until it comes */
const fetchUploads = (onLost?: () => void): Promise<typeof import('../files/uploads.ts')> =>
  import('../files/uploads.ts').catch(async () => {
    onLost?.();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
    return fetchUploads();
  });

function HeadBar({ head, texts, times, state, onMinimise, children }: HeadBarProps) {
  const { site, transcript } = state.known;
  const words = head.state === 'ended' ? texts.ended(times.clock(transcript?.closedAt ?? 0)) : texts.head[head.state];
  return (
    <header class="co-head">
      <Bead photo={head.agent?.photo} presence={head.presence} />
      <div class="co-who">
        <h2>{head.agent?.name ?? site?.name ?? texts.chat}</h2>
        <p role="status">{words}</p>
      </div>
      {children}
      <button type="button" class="co-ib" aria-label={texts.minimise} onClick={onMinimise}>
        <Icon name="down" />
      </button>
    </header>
  );
}

interface HeadBarProps extends Pick<AppProps, 'texts' | 'times' | 'onMinimise'> {
  head: Head;
  state: State;
  children: ComponentChildren;
}

function Lost({ texts, onTry }: { texts: Texts; onTry(): void }) {
  return (
    <div class="co-note">
      <Icon name="cut" />
      <span class="grow">{texts.lost}</span>
      <button type="button" onClick={onTry}>
        {texts.tryNow}
      </button>
    </div>
  );
}

interface BeforeProps {
  head: Head;
  texts: Texts;
  begun: boolean;
  state: State;
  forms: Forms | undefined;
  region: string;
  language: string;
  lasts: boolean;
  /** Ways beside writing. */
  children: ComponentChildren;
}

/** What he asked for, when that was refused. */
const callOf = (parcels: State['parcels'], id: string | undefined) => {
  const refused = parcels.find((parcel) => parcel.id === id);
  return refused?.kind === 'callback' ? refused.call : undefined;
};

/** Before the first word: who is here and that writing is safe. Once written, only that all are busy, while nobody has it. */
function Before({ head, texts, begun, state, forms, region, language, lasts, children }: BeforeProps) {
  if (head.state === 'busy')
    return !forms ? null : (
      <forms.Queue {...{ region }} words={forms.words} busy={texts.head.busy} queue={state.known.queue}>
        {children}
      </forms.Queue>
    );
  if (begun || head.state === 'lost') return null;
  const faces = state.known.agents.filter((agent) => agent.photo);
  return (
    <div class="co-hello">
      <span class="co-faces">{faces.length > 1 && faces.map(({ id, photo }) => <Face key={id} photo={photo} />)}</span>
      <p dir="auto">{greetingIn(language) ?? [texts.welcome, ' ', lasts && texts.lasts]}</p>
      {children}
    </div>
  );
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

/** What is wrong for a blink, as a server that hands over, is nobody's concern; that there is no network is. */
function useLost(well: boolean): boolean {
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (well) return setLost(false);
    const timer = setTimeout(() => setLost(true), navigator.onLine ? LOST_AFTER : 0);
    return () => clearTimeout(timer);
  }, [well]);
  return lost;
}
