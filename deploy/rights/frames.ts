// Everything that a browser can say at the two doors, with an example of each that fits the protocol.
import { AGENT_COMMANDS, AGENT_QUERIES, agentFrame, VISITOR_COMMANDS, visitorFrame } from '@continuo/contracts/frames';

export interface About {
  conversation: string;
  visitor: string;
  agent: string;
}
type Example = (about: About) => Record<string, unknown>;

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const inConversation: Example = ({ conversation }) => ({ conversation });
/** Data of each command and query, so that nothing but rights can refuse it. */
export const EXAMPLES: Record<string, Example> = {
  'start-conversation': () => ({ text: 'Hello', language: 'en' }),
  'leave-offline-message': ({ conversation }) => ({
    conversation,
    text: 'Call me',
    email: 'lea@visitor.example',
    language: 'en',
  }),
  'request-callback': ({ conversation }) => ({ conversation, phone: '+37477123456', language: 'en' }),
  'send-message': ({ conversation }) => ({ conversation, text: 'Hello' }),
  'mark-read': ({ conversation }) => ({ conversation, upTo: 1 }),
  take: inConversation,
  assign: ({ conversation, agent }) => ({ conversation, agent }),
  close: ({ conversation }) => ({ conversation, reason: 'solved' }),
  'identify-contact': ({ conversation }) => ({ conversation, name: 'Lea' }),
  rate: ({ conversation }) => ({ conversation, score: 4 }),
  'answer-survey': ({ conversation }) => ({ conversation, message: 1, answers: [] }),
  'request-transcript': ({ conversation }) => ({ conversation, email: 'lea@visitor.example' }),
  'finish-task': ({ conversation }) => ({ conversation, task: 1 }),
  'set-availability': ({ agent }) => ({ agent, state: 'offline' }),
  'retry-crm-writes': inConversation,
  'choose-crm-contact': inConversation,
  'test-crm': () => ({}),
  'pause-crm': () => ({}),
  'resume-crm': () => ({}),
  'resync-crm': () => ({ from: 0, to: 1 }),
  'make-crm-field': inConversation,
  // An address that the installation never calls, and an id that no site has.
  'save-crm-connection': () => ({
    connection: { id: 'attack', connector: 'webhook', baseUrl: 'http://10.0.0.1/', credentials: { secret: SECRET } },
  }),
  'rename-crm-connection': () => ({ connection: 'nobody', name: 'Mine' }),
  'remove-crm-connection': () => ({ connection: 'nobody' }),
  inbox: () => ({ filter: 'all', limit: 10 }),
  'visitor-card': ({ visitor }) => ({ visitor }),
  'crm-journal': () => ({ state: 'all', limit: 10 }),
  'crm-connections': () => ({}),
  'crm-connectors': () => ({}),
  'crm-connection': () => ({}),
  'crm-link': inConversation,
  'crm-deliveries': inConversation,
  'crm-holds': inConversation,
};

const namesOf = (schema: { options: readonly { shape: { t: { value: string } } }[] }): string[] =>
  schema.options.map(({ shape }) => shape.t.value).filter((t) => t !== 'command' && t !== 'query');

/** As the protocol has them, so that a new one is noticed. */
export const FRAMES = {
  visitor: [...namesOf(visitorFrame as never), ...VISITOR_COMMANDS],
  agent: [...namesOf(agentFrame as never), ...AGENT_COMMANDS, ...AGENT_QUERIES],
};

export const isQuery = (name: string): boolean => (AGENT_QUERIES as readonly string[]).includes(name);

export function frameOf(name: string, id: string, about: About): { t: string; [field: string]: unknown } {
  const { conversation } = about;
  const frames: Record<string, { t: string; [field: string]: unknown }> = {
    open: { t: 'open', conversation, number: 0 },
    leave: { t: 'leave', conversation },
    typing: { t: 'typing', conversation, text: 'Hel' },
    delivered: { t: 'delivered', conversation, upTo: 1 },
    page: { t: 'page', page: { url: 'http://shop.example/desk' } },
    fact: { t: 'fact', id, fact: { kind: 'goal', name: 'order' } },
    identify: { t: 'identify', id, token: 'nobody.signed.this' },
    ping: { t: 'ping', n: 1 },
    pong: { t: 'pong', n: 1 },
  };
  const example = EXAMPLES[name];
  if (example) return { t: isQuery(name) ? 'query' : 'command', id, name, data: example(about) };
  const frame = frames[name];
  if (!frame) throw new Error(`no example of “${name}”: add one here and a row to the matrix`);
  return frame;
}
