// A command that names files by their ids: each must be the sender's own. The command goes on with what is known of them here, never with what the sender says.

import { MAX_FILES } from '@continuo/contracts';
import { isId } from '@continuo/contracts/ids';
import { conversationIdOf } from '@continuo/runtime';
import { isStoreOutage } from '@continuo/store';
import { type AnyReply, forward, refuseCommand, type Sender } from '../forward.ts';
import type { Gateway } from '../gateway.ts';
import type { Owner } from './records.ts';

type Command = Parameters<typeof forward>[2];
/** These carry files. */
const CARRYING: readonly string[] = ['start-conversation', 'send-message'];
const AGAIN_MS = 2_000;

/** As `forward`, whether or not the command names files. */
export async function forwardWithFiles(
  gateway: Gateway,
  sender: Sender,
  command: Command,
): Promise<AnyReply | undefined> {
  const { files: given, ...data } = command.data;
  if (given === undefined || !CARRYING.includes(command.name)) return forward(gateway, sender, command);
  const { connection, site, actor } = sender;
  const { id } = command;
  if (!isListOfIds(given)) return void refuseCommand(connection, id, 'invalid', 'Files are named by their ids.');
  const conversation =
    command.name === 'start-conversation' ? conversationIdOf(site, actor.id, id) : String(data['conversation']);
  const { records } = gateway.files;
  try {
    const files = await records.bind(site, actor as Owner, given, { command: id, conversation });
    if (!files)
      return void refuseCommand(connection, id, 'file-unknown', 'A file is not here any more: send it again.');
    return await forward(gateway, sender, { ...command, data: { ...data, files } }, () => records.release(given, id));
  } catch (error) {
    if (!isStoreOutage(error)) throw error;
    return void refuseCommand(connection, id, 'unavailable', 'The files cannot be reached. Send it again.', AGAIN_MS);
  }
}

const isListOfIds = (given: unknown): given is string[] =>
  Array.isArray(given) &&
  given.length > 0 &&
  given.length <= MAX_FILES &&
  given.every(isId) &&
  new Set(given).size === given.length;
