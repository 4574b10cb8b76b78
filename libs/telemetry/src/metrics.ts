// Every metric there is: what is not in this table cannot be recorded. Labels come from code and catalogue (names, codes, outcomes), never from people:
// no id, address or text, so that the number of series is known beforehand. docs/metrics.md is generated from here.

export interface MetricLine {
  kind: 'counter' | 'histogram' | 'gauge';
  /** '' for a number of things; what is in seconds ends with the word, as Prometheus wants it. */
  unit: 'seconds' | '';
  labels: readonly string[];
  /** Of labels that take a few words of the code: all of them. Nothing else is recorded, and alerts ask for nothing else. */
  values?: Readonly<Record<string, readonly string[]>>;
  says: string;
}

export const METRICS = {
  'continuo.command.seconds': {
    kind: 'histogram',
    unit: 'seconds',
    labels: ['name', 'outcome'],
    values: { outcome: ['ok', 'refused', 'fault'] },
    says: 'time in which the owner answered a command or query',
  },
  'continuo.command.refusals': {
    kind: 'counter',
    unit: '',
    labels: ['name', 'code'],
    says: 'commands and queries refused, by the refusal of the catalogue',
  },
  'continuo.append.events': {
    kind: 'counter',
    unit: '',
    labels: ['stream', 'type'],
    says: 'events that JetStream has acknowledged',
  },
  'continuo.append.conflicts': {
    kind: 'counter',
    unit: '',
    labels: ['stream'],
    says: 'appends that came second and were decided anew',
  },
  'continuo.append.failures': {
    kind: 'counter',
    unit: '',
    labels: ['stream', 'reason'],
    values: { reason: ['unavailable', 'full'] },
    says: 'appends that JetStream did not confirm (unavailable) or refused because the stream is full (full)',
  },
  'continuo.stream.filled.ratio': {
    kind: 'gauge',
    unit: '',
    labels: ['stream'],
    says: 'share of its limit that a stream holds, from 0 to 1, of those that refuse when they are full; the same on all gateways',
  },
  'continuo.consumer.pending': {
    kind: 'gauge',
    unit: '',
    labels: ['consumer'],
    says: 'messages that no replica has been given yet; the same on all replicas',
  },
  'continuo.consumer.ack.pending': {
    kind: 'gauge',
    unit: '',
    labels: ['consumer'],
    says: 'messages given to replicas and not settled; the same on all replicas',
  },
  'continuo.consumer.redelivered': {
    kind: 'gauge',
    unit: '',
    labels: ['consumer'],
    says: 'messages not settled that were given more than once; the same on all replicas',
  },
  'continuo.consumer.oldest.seconds': {
    kind: 'gauge',
    unit: 'seconds',
    labels: ['consumer'],
    says: 'age of the oldest message this replica holds; 0 when it holds none. Alert on this one',
  },
  'continuo.consumer.handled': {
    kind: 'counter',
    unit: '',
    labels: ['consumer', 'outcome'],
    values: { outcome: ['done', 'retry', 'park'] },
    says: 'outcomes of handlers',
  },
  'continuo.consumer.parked': {
    kind: 'counter',
    unit: '',
    labels: ['consumer', 'reason'],
    says: 'messages set aside as dead letters; each waits for an operator',
  },
  'continuo.socket.open': {
    kind: 'gauge',
    unit: '',
    labels: ['door'],
    values: { door: ['visitor', 'agent'] },
    says: 'sockets open on this gateway',
  },
  'continuo.socket.frames.in': {
    kind: 'counter',
    unit: '',
    labels: ['door', 'type'],
    values: { door: ['visitor', 'agent'] },
    says: 'frames that came from browsers; unfit ones have the type “bad”',
  },
  'continuo.socket.slow': {
    kind: 'counter',
    unit: '',
    labels: [],
    says: 'sockets cut off because they read too slowly; their clients come again and resume',
  },
  'continuo.socket.frames.out': {
    kind: 'counter',
    unit: '',
    labels: [],
    says: 'frames sent to browsers',
  },
  'continuo.live.lag.seconds': {
    kind: 'histogram',
    unit: 'seconds',
    labels: ['stream'],
    says: 'from the storing of an event to its way to the sockets of this gateway',
  },
  'continuo.live.silence.seconds': {
    kind: 'gauge',
    unit: 'seconds',
    labels: ['stream'],
    says: 'since this process last heard of a stream or bucket that it follows; the server gives a sign of life every two seconds where nothing happens',
  },
  'continuo.bus.up': {
    kind: 'gauge',
    unit: '',
    labels: [],
    says: '1 while this process is connected to NATS, else 0',
  },
  'continuo.store.up': {
    kind: 'gauge',
    unit: '',
    labels: [],
    says: '1 while MongoDB answers this process within two seconds, else 0',
  },
  'continuo.desk.waiting': {
    kind: 'gauge',
    unit: '',
    labels: [],
    says: 'dialogues that wait for an employee, over all sites; the same on all gateways',
  },
  'continuo.desk.sites': {
    kind: 'gauge',
    unit: '',
    labels: ['availability'],
    values: { availability: ['free', 'busy', 'away', 'offline'] },
    says: 'sites by what their visitors are told; the same on all gateways',
  },
  'continuo.crm.lag.seconds': {
    kind: 'gauge',
    unit: 'seconds',
    labels: ['connector'],
    says: 'age of the oldest dialogue that is not in the CRM as it should be; 0 when all are; the same on all replicas',
  },
  'continuo.crm.write.lag.seconds': {
    kind: 'histogram',
    unit: 'seconds',
    labels: ['connector'],
    says: 'from the storing of the first event of a write to its standing in the CRM',
  },
  'continuo.crm.connections': {
    kind: 'gauge',
    unit: '',
    labels: ['connector', 'state'],
    values: { state: ['works', 'waiting', 'stopped', 'paused'] },
    says: 'connections by how they stand: where one is stopped a person has to act; the same on all replicas',
  },
  'continuo.crm.dialogues': {
    kind: 'gauge',
    unit: '',
    labels: ['connector', 'state'],
    values: { state: ['pending', 'failed'] },
    says: 'dialogues that are not in the CRM: pending go by themselves, failed wait for a person; the same on all replicas',
  },
  'continuo.crm.call.seconds': {
    kind: 'histogram',
    unit: 'seconds',
    labels: ['crm', 'method', 'outcome'],
    values: {
      outcome: [
        'ok',
        'unreachable',
        'refused-access',
        'rate-limited',
        'invalid',
        'record-gone',
        'ambiguous',
        'server-error',
        'mapping-faulty',
        'note-gone',
        'taken',
        'bug',
      ],
    },
    says: 'calls to CRMs; outcome is ok, or the class of the failure',
  },
  'continuo.mail.settled': {
    kind: 'counter',
    unit: '',
    labels: ['state'],
    values: { state: ['sent', 'failed', 'unconfirmed'] },
    says: 'mails that are settled; of an unconfirmed one nobody knows whether it went out',
  },
  'continuo.drain.seconds': {
    kind: 'gauge',
    unit: 'seconds',
    labels: [],
    says: 'how long this process has been draining; 0 while it serves',
  },
} as const satisfies Record<string, MetricLine>;
