// The requests a mapping would make, as text: for an administrator to compare with the manual of his CRM, before anything is sent. Pure; secrets masked.
import type { crmFact } from '@continuo/contracts';
import { renderText, type Scope } from './expression.ts';
import { buildRequest } from './request.ts';
import { withFields } from './rest-mapping.ts';
import type { Listing, Mapping, Request } from './schema.ts';
import { dealScope, leadScope, recordScope, taskScope } from './scope.ts';
import { encodeText } from './text.ts';

export interface DryRun {
  baseUrl: string;
  /** Those given are shown unless secret; the others stand as their names. */
  settings?: Record<string, string>;
}
const MASK = '***';
const FACTS = {
  channel: 'chat',
  source: 'newsletter',
  medium: 'email',
  campaign: 'autumn',
  term: 'oak desk',
  content: 'banner',
  firstPage: 'https://shop.example.com/?utm_source=newsletter',
  firstPageTitle: 'Shop',
  lastPage: 'https://shop.example.com/desks',
  lastPageTitle: 'Desks',
  referrer: 'https://www.example.org/',
  language: 'de',
  consent: 'given',
  messages: '4',
  agents: 'Maria Jones',
  startedAt: '2026-01-15T09:30:00Z',
  endedAt: '2026-01-15T09:35:30Z',
  duration: '0:05:30',
  rating: '5',
  ratingComment: 'Quick',
  dialogueUrl: 'https://chat.example.com/open/abc',
} satisfies Record<(typeof crmFact.options)[number], string>;
const SAMPLE = {
  contact: { name: 'Anna Smith', email: 'anna@example.com', phone: '+14155550100', externalId: 'customer-77' },
  visitorKey: '0123456789abcdefghijkl',
  title: 'Live chat · Shop',
  description: 'Open the dialogue: https://chat.example.com/open/abc\nFirst page: https://shop.example.com/',
  unnamed: 'Visitor 012345',
  facts: FACTS,
  fields: { cSiteField: 'what the site’s settings say' },
};
const FIELD = 'chat_topic';
const MARKER = '[continuo 0123456789abcdefghijkl part 1]';
const NOTE = `Live chat · Shop · part 1\n\nAnna: is a<b & c>d *true*?\n${MARKER}`;
const AT = Date.UTC(2026, 0, 15, 9, 30);
const TASK = {
  kind: 'callback' as const,
  conversation: '0123456789abcdefghijkl',
  number: 3,
  subject: 'Call back: Anna Smith',
  text: 'Anna Smith asks to be called, +14155550100\n[continuo 0123456789abcdefghijkl task 3]',
  marker: '[continuo 0123456789abcdefghijkl task 3]',
  due: AT,
};

const DEAL = {
  conversation: '0123456789abcdefghijkl',
  title: 'Live chat · Shop · Anna Smith',
  text: 'Open the dialogue: https://chat.example.com/open/abc\n[continuo 0123456789abcdefghijkl deal]',
  marker: '[continuo 0123456789abcdefghijkl deal]',
};

/** @returns a block of text for each thing the mapping can do, in the order in which it happens */
export function dryRun(mapping: Mapping, { baseUrl, settings = {} }: DryRun): string[] {
  const scope: Scope = {
    settings: shownSettings(mapping, settings),
    baseUrl,
    now: AT,
    login: anything('login'),
    prepared: anything('prepared'),
    row: anything('row'),
    hits: ['56', '57'],
  };
  const { auth, time } = mapping;
  const proof = authHeaders(mapping, scope);
  const shown = (what: string, request: Request, more: Scope = {}, authenticated = true): string => {
    const headers = authenticated ? { ...mapping.headers, ...request.headers } : request.headers;
    const built = buildRequest({ ...request, headers }, { ...scope, ...more }, time);
    const query = { ...(authenticated && auth.type === 'query' && { [auth.name]: MASK }), ...built.query };
    const address = Object.entries(query)
      .map(([name, value]) => `${encodeURIComponent(name)}=${value === MASK ? MASK : encodeURIComponent(value)}`)
      .join('&');
    const path = /^https?:/.test(built.path) ? built.path : `${baseUrl.replace(/\/+$/, '')}${built.path}`;
    return [
      `# ${what}`,
      `${built.method} ${path}${address && `?${address}`}`,
      ...Object.entries({ ...built.headers, ...(authenticated ? proof : {}) }).map(
        ([name, value]) => `${name}: ${value}`,
      ),
      ...(built.body === undefined ? [] : ['', JSON.stringify(built.body, null, 2)]),
    ].join('\n');
  };
  /** A list, and where its rows hold only ids the request that reads them. */
  const listed = (what: string, { request, whole }: Listing, more: Scope = {}): string[] => [
    shown(what, request, more),
    ...(whole ? [shown(`${what}: read those found`, whole.request, more)] : []),
  ];
  const lead = leadScope(mapping, SAMPLE);
  /** With a field of the site’s own, where the mapping takes such. */
  const filled = (request: Request) =>
    mapping.fieldsIn === undefined ? request : withFields(mapping, request, SAMPLE);
  const text = encodeText(NOTE, mapping.text.note);
  const blocks = [
    ...(auth.type === 'log-in' ? [shown('Log in', auth.request, {}, false)] : []),
    ...(auth.type === 'oauth2-client-credentials' ? [tokenRequest(auth, scope)] : []),
    ...mapping.check.map(({ request }, index) => shown(`Check ${index + 1}`, request)),
    ...mapping.prepare.flatMap((item) => [
      ...listed(`Is there ${item.what}?`, item),
      shown(`If not, add ${item.what}`, item.add),
    ]),
    ...mapping.find.flatMap((step) => [
      ...listed(`Find a ${step.kind} by ${step.by}`, step, lead),
      ...(step.details ? [shown(`Look at each ${step.kind} found`, step.details.request, lead)] : []),
    ]),
    ...mapping.findOwn.flatMap((step) => [
      ...listed('Find our lead of a visitor', step, lead),
      ...(step.details ? [shown('Look at each lead found', step.details.request, lead)] : []),
    ]),
    shown('Make a lead', filled(mapping.create.request), lead),
    ...(mapping.create.duplicate
      ? [
          shown(
            'Make a lead although the CRM knows a similar one, who is somebody else',
            filled(mapping.create.duplicate.force),
            lead,
          ),
        ]
      : []),
    shown('Tell a lead what became known', filled(mapping.update), {
      ...lead,
      ...recordScope(mapping, { kind: 'lead', id: '12' }),
    }),
    ...(mapping.makeField
      ? [shown('Make a field that the site fills and the CRM lacks', mapping.makeField, { field: FIELD })]
      : []),
  ];
  for (const kind of ['lead', 'contact'] as const) {
    const { read, notes } = mapping.records[kind];
    const at = recordScope(mapping, { kind, id: kind === 'lead' ? '12' : '34' });
    const note = { ...at, note: { id: '56', text, marker: MARKER } };
    blocks.push(
      shown(`Read a ${kind}`, read.request, at),
      ...listed(`List the notes of a ${kind}`, notes.list, at),
      shown(`Add a note to a ${kind}`, notes.add.request, note),
      shown(`Edit a note of a ${kind}`, notes.edit, note),
      shown(`Remove a note of a ${kind}`, notes.remove, note),
    );
  }
  if (mapping.task)
    for (const kind of ['lead', 'contact'] as const) {
      const at = recordScope(mapping, { kind, id: kind === 'lead' ? '12' : '34' });
      const task = taskScope(mapping, TASK);
      blocks.push(
        ...listed(`Find a task of a ${kind} by its marker`, mapping.task.find, { ...at, ...task }),
        ...(mapping.task.done ? listed(`Was a task of a ${kind} done?`, mapping.task.done, { ...at, ...task }) : []),
        shown(`Make a task for a ${kind}`, mapping.task.add.request, { ...at, ...task }),
        shown(`Remove a task that stands twice, of a ${kind}`, mapping.task.remove, { ...at, task: { id: '78' } }),
      );
    }
  if (mapping.deal)
    for (const kind of ['lead', 'contact'] as const) {
      const at = recordScope(mapping, { kind, id: kind === 'lead' ? '12' : '34' });
      const deal = dealScope(mapping, DEAL);
      blocks.push(
        ...listed(`Find a deal of a ${kind} by its marker`, mapping.deal.find, { ...at, ...deal }),
        ...(mapping.deal.done ? listed(`Was a deal of a ${kind} done?`, mapping.deal.done, { ...at, ...deal }) : []),
        shown(`Make a deal for a ${kind}`, mapping.deal.add.request, { ...at, ...deal }),
        shown(`Remove a deal that stands twice, of a ${kind}`, mapping.deal.remove, { ...at, deal: { id: '79' } }),
      );
    }
  return blocks;
}

function shownSettings({ settings }: Mapping, given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { secret }]) => [name, secret ? MASK : (given[name] ?? name.toUpperCase())]),
  );
}

function authHeaders({ auth }: Mapping, scope: Scope): Record<string, string> {
  switch (auth.type) {
    case 'header':
      return { [auth.name]: renderText(auth.value, scope) };
    case 'bearer':
      return { authorization: `Bearer ${renderText(auth.token, scope)}` };
    case 'basic':
    case 'oauth2-client-credentials':
      return { authorization: `${auth.type === 'basic' ? 'Basic' : 'Bearer'} ${MASK}` };
    case 'log-in':
      return Object.fromEntries(Object.entries(auth.headers).map(([name, value]) => [name, renderText(value, scope)]));
    default:
      return {};
  }
}

function tokenRequest(auth: Extract<Mapping['auth'], { type: 'oauth2-client-credentials' }>, scope: Scope): string {
  const body = auth.sentAs === 'body' ? `&client_id=${renderText(auth.clientId, scope)}&client_secret=${MASK}` : '';
  return [
    '# Fetch a token',
    `POST ${renderText(auth.tokenUrl, scope)}`,
    ...(auth.sentAs === 'basic' ? [`authorization: Basic ${MASK}`] : []),
    '',
    `grant_type=client_credentials${auth.scope === undefined ? '' : `&scope=${auth.scope}`}${body}`,
  ].join('\n');
}

/** Stands for an answer of the CRM: each value is its own name. */
function anything(name: string): object {
  const value = (key: PropertyKey) => `<${name}.${String(key)}>`;
  const self: object = new Proxy(
    {},
    {
      get: (_target, key) => (key === 'toJSON' || key === Symbol.toPrimitive ? () => `<${name}>` : value(key)),
      getOwnPropertyDescriptor: (_target, key) => ({ configurable: true, enumerable: true, value: value(key) }),
    },
  );
  return self;
}
