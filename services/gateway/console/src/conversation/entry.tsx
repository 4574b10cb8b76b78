// One entry of the log: a day, who speaks, a bubble, a joint, a mark.
import type { Transcript, TranscriptMessage } from '@continuo/transcript';
import { memo } from 'react';
import { crmOf } from '../crm/connections.ts';
import { nameOf } from '../crm/state.ts';
import { useTexts } from '../locales/use-texts.ts';
import { shortName } from '../parts/face.tsx';
import { Icon } from '../parts/icon.tsx';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';
import { callDetails } from '../tasks/words.ts';
import { FileOnItsWay, Files } from './files.tsx';
import type { LogEntry } from './log.ts';
import { MessageCard } from './message-card.tsx';
import { SurveyAnswers, SurveyQuestions } from './survey.tsx';

type Of<Kind extends LogEntry['kind']> = Extract<LogEntry, { kind: Kind }>;

export function Entry({ entry, transcript }: { entry: LogEntry; transcript: Transcript }) {
  switch (entry.kind) {
    case 'day':
      return <Day at={entry.at} />;
    case 'speaker':
      return <Speaker entry={entry} transcript={transcript} />;
    case 'message':
      return <Bubble text={entry.message.text} ours={entry.ours} progress={entry.progress} note={entry.message} />;
    case 'outgoing':
      return <OutgoingBubble entry={entry} />;
    case 'joint':
      return <Joint entry={entry} transcript={transcript} />;
    case 'answers':
      return <SurveyAnswers entry={entry} transcript={transcript} />;
    default:
      return <Mark entry={entry} transcript={transcript} />;
  }
}

function Day({ at }: { at: number }) {
  const { f } = useTexts();
  const { now } = useWorkplace();
  return <div className="k-day">{f.day(at, now())}</div>;
}

function Speaker({ entry, transcript }: { entry: Of<'speaker'>; transcript: Transcript }) {
  const { t, f } = useTexts();
  const name = entry.ours ? entry.author.name : shortName(transcript.visitor, transcript.contact, t);
  return (
    <div className={`k-who ${entry.ours ? 'me' : ''}`}>
      <b>{name}</b>
      <span className="num">
        {f.time(entry.at)}
        {entry.read && ` · ${t.dialogue.read}`}
      </span>
    </div>
  );
}

const Bubble = memo(function Bubble(props: {
  text: string;
  ours: boolean;
  progress: Of<'message'>['progress'];
  note: Pick<TranscriptMessage, 'channel' | 'offline' | 'files' | 'card' | 'survey' | 'pressed'>;
}) {
  const { t } = useTexts();
  const note = props.note.offline
    ? t.dialogue.leftOffline
    : props.note.channel === 'mail'
      ? t.dialogue.byMail
      : props.note.pressed && t.dialogue.byButton;
  const delivered = props.progress === 'delivered';
  const words = delivered ? t.dialogue.delivered : t.dialogue.stored;
  return (
    <div className={`k-b ${props.ours ? 'me' : ''}`} dir="auto">
      {props.note.files && <Files files={props.note.files} />}
      <MessageCard card={props.note.card}>{props.text}</MessageCard>
      {props.note.survey && <SurveyQuestions survey={props.note.survey} />}
      {props.ours && (
        <span className="mk" role="img" aria-label={words} title={words}>
          <Icon name={delivered ? 'checks' : 'check'} />
        </span>
      )}
      {note && <small>{note}</small>}
    </div>
  );
});

function OutgoingBubble({ entry: { outgoing } }: { entry: Of<'outgoing'> }) {
  const { t } = useTexts();
  const { sending } = useWorkplace();
  const live = useConsole(({ session }) => session.connection.state === 'live' && session.serviceUp && !session.full);
  const { refused } = outgoing;
  return (
    <div className={`k-b me way ${refused ? 'refused' : ''}`} dir="auto">
      <FileOnItsWay outgoing={outgoing} />
      <MessageCard card={outgoing.card}>{outgoing.text}</MessageCard>
      {outgoing.survey && <SurveyQuestions survey={outgoing.survey} />}
      {!refused && (
        <span className="mk" role="img" aria-label={t.dialogue.unsent} title={t.dialogue.unsent}>
          <Icon name="clock" />
        </span>
      )}
      {!refused && !live && <small>{t.dialogue.unsent}</small>}
      {refused && (
        <div className="why" role="alert">
          <span>
            <b>{t.dialogue.failed}</b> {t.refusals[refused.refusal] ?? refused.words}
          </span>
          <span className="fx">
            <button type="button" className="k-btn sm" onClick={() => sending.again(outgoing.id)}>
              {t.dialogue.again}
            </button>
            <button type="button" className="k-btn sm ghost" onClick={() => sending.discard(outgoing.id)}>
              {t.dialogue.discard}
            </button>
          </span>
        </div>
      )}
    </div>
  );
}

function Joint({ entry, transcript }: { entry: Of<'joint'>; transcript: Transcript }) {
  const { t, f } = useTexts();
  const { now } = useWorkplace();
  const crm = useConsole((state) => nameOf(crmOf(state.crms))) ?? t.dialogue.resumed.crm;
  const { resumed } = t.dialogue;
  const from = entry.from === 'crm-link' ? resumed.by['crm-link'](crm) : resumed.by[entry.from];
  const name =
    entry.by.kind === 'visitor' ? shortName(transcript.visitor, transcript.contact, t) : (entry.by.name ?? '');
  return (
    <div className="k-resume">
      <span className="a" />
      <span className="mid">
        <b>{resumed.stopped(f.longAgo(entry.stoppedAt, entry.at))}</b>
        <br />
        {resumed.line(f.dayAndTime(entry.at, now()), from, name)}
      </span>
      <span className="z" />
    </div>
  );
}

function Mark({
  entry,
  transcript,
}: {
  entry: Of<
    'assigned' | 'released' | 'closed' | 'identified' | 'rated' | 'transcript' | 'callback' | 'missed' | 'task-done'
  >;
  transcript: Transcript;
}) {
  const spoken = useTexts();
  const { t, f } = spoken;
  const { now } = useWorkplace();
  const me = useConsole((state) => state.session.me?.id);
  const words = (): string => {
    switch (entry.kind) {
      case 'assigned':
        return entry.agent.id === me ? t.dialogue.assignedMe : t.dialogue.assigned(entry.agent.name);
      case 'released':
        return t.dialogue.released(entry.agent.name);
      case 'identified':
        return t.dialogue.identified(entry.text);
      case 'transcript':
        return t.dialogue.transcript(entry.email);
      case 'rated':
        return t.dialogue.rated(f.number(entry.score), entry.comment);
      case 'callback': {
        const name = shortName(transcript.visitor, transcript.contact, t);
        return t.dialogue.callback(name, callDetails(entry, now(), spoken));
      }
      case 'missed':
        return t.dialogue.missed(t.tasks.causes[entry.cause]);
      case 'task-done':
        return t.dialogue.taskDone[entry.task](entry.by.name ?? '');
      case 'closed': {
        const time = f.dayAndTime(entry.at, now());
        const name = entry.by.kind === 'visitor' ? shortName(transcript.visitor, transcript.contact, t) : entry.by.name;
        return name ? t.dialogue.endedBy(time, name) : t.dialogue.ended(time);
      }
    }
  };
  return (
    <div className={`k-mark ${entry.kind}`}>
      <span>{words()}</span>
      {entry.kind !== 'closed' && <span className="num">{f.time(entry.at)}</span>}
    </div>
  );
}
