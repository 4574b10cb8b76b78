// Commands of a conversation: who is asking, what the desk says, then decide and append. Whoever writes into a dialogue that is not his takes it first:
// the desk is asked before the conversation, so capacity holds.

import { refuse, type Settings } from '@continuo/bus';
import { type AgentRef, type CommandData, type Envelope, newId, type Reply } from '@continuo/contracts';
import { clock, conversationIdOf, deriveId } from '@continuo/runtime';
import type { Aggregates, Result } from './aggregates.ts';
import { type ConversationCommand, type DecideContext, decide } from './domain/conversation/decide.ts';
import { conversationUnknown } from './domain/conversation/participants.ts';
import type { ConversationState } from './domain/conversation/state.ts';
import { type DeskCommand, decide as decideDesk } from './domain/desk/decide.ts';
import { availabilityOf, type DeskState } from './domain/desk/state.ts';
import { callable } from './phone.ts';

export interface Domain {
  conversations: Aggregates<'CONVERSATION', ConversationState>;
  desks: Aggregates<'DESK', DeskState>;
  settings: Settings;
}

export const agentRef = (settings: Settings, site: string, id: string): AgentRef | undefined => {
  const agent = settings.agent(site, id);
  return agent && { id: agent.id, name: agent.name, ...(agent.photo !== undefined && { photo: agent.photo }) };
};

/** Appends to a desk what its decider says. */
export function actOnDesk(
  { desks }: Domain,
  { site, id, actor }: Envelope,
  command: DeskCommand,
): Promise<Result<DeskState>> {
  return desks.act(site, '', { id, actor }, (desk) =>
    decideDesk(desk, command, { id, now: clock.now(), newSlot: newId }),
  );
}

export function commandHandlers(domain: Domain) {
  const { conversations, desks, settings } = domain;
  const capacityOf = (site: string, agent: string): number => settings.agent(site, agent)?.capacity ?? 0;

  async function contextOf({ id, site, actor }: Envelope, conversation: string): Promise<DecideContext> {
    const { state: desk } = await desks.current(site, '');
    return {
      id,
      actor,
      agent: actor.kind === 'agent' ? agentRef(settings, site, actor.id) : undefined,
      hasSlot: desk.slots.get(conversation)?.agent === actor.id,
      availability: availabilityOf(desk),
      site: settings.site(site),
      now: clock.now(),
    };
  }

  async function run<K extends ConversationCommand>(
    name: K,
    envelope: Envelope,
    conversation: string,
    data: CommandData<K>,
    context: DecideContext,
  ): Promise<Reply<K>> {
    if (!settings.site(envelope.site)) return refuse('not-allowed', 'There is no such site.') as Reply<K>;
    const result = await conversations.act(
      envelope.site,
      conversation,
      { id: envelope.id, actor: envelope.actor },
      (state) => decide(name, state, data, context),
    );
    return replyOf<K>(result, conversation);
  }

  /** Visitors need nothing of the desk: their messages cost no look at it. */
  const visitorContext = ({ id, actor, site }: Envelope): DecideContext => ({
    id,
    actor,
    hasSlot: false,
    availability: 'offline',
    site: settings.site(site),
    now: clock.now(),
  });
  const contextFor = (envelope: Envelope, conversation: string): DecideContext | Promise<DecideContext> =>
    envelope.actor.kind === 'visitor' ? visitorContext(envelope) : contextOf(envelope, conversation);

  const simple =
    <K extends 'mark-read' | 'close' | 'rate' | 'answer-survey' | 'request-transcript' | 'finish-task'>(name: K) =>
    async (envelope: Envelope, data: CommandData<K>): Promise<Reply<K>> =>
      run(name, envelope, data.conversation, data, await contextFor(envelope, data.conversation));

  return {
    'start-conversation': (
      envelope: Envelope,
      data: CommandData<'start-conversation'>,
    ): Promise<Reply<'start-conversation'>> =>
      run('start-conversation', envelope, newConversationId(envelope), data, visitorContext(envelope)),

    'leave-offline-message': async (
      envelope: Envelope,
      data: CommandData<'leave-offline-message'>,
    ): Promise<Reply<'leave-offline-message'>> => {
      const conversation = data.conversation ?? newConversationId(envelope);
      const { phone: typed, ...rest } = data;
      const phone = typed && callable(typed, data.country);
      const left = { ...rest, ...(phone && { phone }) };
      return run('leave-offline-message', envelope, conversation, left, await contextOf(envelope, conversation));
    },

    'request-callback': (
      envelope: Envelope,
      data: CommandData<'request-callback'>,
    ): Promise<Reply<'request-callback'>> => {
      const conversation = data.conversation ?? newConversationId(envelope);
      const phone = callable(data.phone, data.country) ?? '';
      return run('request-callback', envelope, conversation, { ...data, phone }, visitorContext(envelope));
    },

    'send-message': async (envelope: Envelope, data: CommandData<'send-message'>): Promise<Reply<'send-message'>> => {
      if (envelope.actor.kind !== 'agent')
        return run('send-message', envelope, data.conversation, data, visitorContext(envelope));
      const { state } = await conversations.current(envelope.site, data.conversation);
      if (!state.head) return conversationUnknownReply;
      const context = await contextOf(envelope, data.conversation);
      if (!state.commands.has(envelope.id) && !context.hasSlot && context.agent) {
        const closed = state.head.status === 'closed';
        const taken = await actOnDesk(
          domain,
          { ...envelope, id: deriveId('take-to-write', envelope.id) },
          {
            name: 'take',
            conversation: data.conversation,
            agent: envelope.actor.id,
            capacity: capacityOf(envelope.site, envelope.actor.id),
            why: closed ? 'resumed' : 'taken',
            ...(closed && { over: 'closed' as const }),
          },
        );
        if (taken.kind === 'refusal')
          return refuse(
            taken.refusal === 'already-taken' ? 'not-a-participant' : (taken.refusal as 'busy'),
            taken.words,
          );
        context.hasSlot = true;
      }
      return run('send-message', envelope, data.conversation, data, context);
    },

    'mark-read': simple('mark-read'),
    close: simple('close'),
    rate: simple('rate'),
    'answer-survey': simple('answer-survey'),
    'request-transcript': simple('request-transcript'),
    'identify-contact': async (
      envelope: Envelope,
      data: CommandData<'identify-contact'>,
    ): Promise<Reply<'identify-contact'>> => {
      const { phone: typed, country, ...rest } = data;
      const phone = typed && country ? callable(typed, country) : typed;
      const said = { ...rest, ...(phone !== undefined && { phone }) };
      return run('identify-contact', envelope, data.conversation, said, await contextFor(envelope, data.conversation));
    },
    'finish-task': simple('finish-task'),

    take: (envelope: Envelope, { conversation }: CommandData<'take'>): Promise<Reply<'take'>> =>
      take(envelope, conversation, {
        name: 'take',
        conversation,
        agent: envelope.actor.id,
        capacity: capacityOf(envelope.site, envelope.actor.id),
        why: 'taken',
      }),

    assign: (envelope: Envelope, { conversation, agent }: CommandData<'assign'>): Promise<Reply<'assign'>> => {
      if (!supervises(envelope))
        return Promise.resolve(refuse('not-allowed', 'Only a supervisor gives dialogues to others.'));
      if (!settings.agent(envelope.site, agent))
        return Promise.resolve(refuse('agent-unknown', 'There is no such employee.'));
      return take(envelope, conversation, {
        name: 'assign',
        conversation,
        agent,
        capacity: capacityOf(envelope.site, agent),
      }) as Promise<Reply<'assign'>>;
    },

    'set-availability': async (
      envelope: Envelope,
      { agent, state }: CommandData<'set-availability'>,
    ): Promise<Reply<'set-availability'>> => {
      if (envelope.actor.kind !== 'agent' || (envelope.actor.id !== agent && !supervises(envelope)))
        return refuse('not-allowed', 'Only he himself or a supervisor changes an employee’s availability.');
      const known = settings.agent(envelope.site, agent);
      if (!known) return refuse('agent-unknown', 'There is no such employee.');
      const result = await actOnDesk(domain, envelope, { name: 'set-state', agent, state, capacity: known.capacity });
      return result.kind === 'refusal' ? refuse('busy', result.words) : { ok: true };
    },
  };

  async function take(envelope: Envelope, conversation: string, command: DeskCommand): Promise<Reply<'take'>> {
    const { site, actor } = envelope;
    if (actor.kind !== 'agent' || !settings.agent(site, actor.id))
      return refuse('not-allowed', 'Only employees of the site take dialogues.');
    const { state, seq } = await conversations.current(site, conversation);
    if (!state.head) return conversationUnknownReply as Reply<'take'>;
    if (state.head.status === 'closed')
      return refuse('conversation-closed', 'The dialogue is over. Write into it to open it again.');
    const result = await actOnDesk(domain, envelope, command);
    if (result.kind !== 'refusal') return { ok: true, conversation, number: state.head.number, seq };
    return refuse(result.refusal as 'already-taken', result.words);
  }
}

const supervises = ({ actor }: Envelope): boolean =>
  actor.kind === 'agent' && (actor.role === 'supervisor' || actor.role === 'admin');
const conversationUnknownReply = refuse('conversation-unknown' as const, conversationUnknown.words);
const newConversationId = ({ site, actor, id }: Envelope): string => conversationIdOf(site, actor.id, id);

function replyOf<K extends ConversationCommand>(result: Result<ConversationState>, conversation: string): Reply<K> {
  if (result.kind === 'refusal') return refuse(result.refusal, result.words) as Reply<K>;
  return { ok: true, conversation, number: result.number, seq: result.seq } as Reply<K>;
}
