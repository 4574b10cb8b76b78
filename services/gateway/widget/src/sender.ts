// Brings the outbox to the gateway, one command in flight: the next goes when the one before has its answer, an unanswered one goes
// again under the same id, and a gateway short of breath is left in peace for as long as it asks.
import type { Surroundings } from './connection.ts';
import type { CommandFrame } from './next-command.ts';

const ANSWER_WITHIN = 15_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export interface Sender {
  /** Sends what may be sent now; harmless at any time. */
  go(): void;
  /** Id of the command whose answer is awaited. */
  awaited(): string | undefined;
  /** Its answer came, whatever it says. */
  answered(): void;
  /** The gateway asked to wait: what was in flight goes again after that. */
  pause(ms?: number): void;
  /** The line is lost: nothing is in flight any more. */
  reset(): void;
}

/** @param next the command to send, or nothing when there is none or it may not go now */
export function openSender(
  around: Surroundings,
  next: () => CommandFrame | undefined,
  send: (command: CommandFrame) => boolean,
): Sender {
  let inFlight: string | undefined;
  let paused = false;
  let pauses = 0;
  let cancel = () => {};

  function go(): void {
    if (inFlight !== undefined || paused) return;
    const command = next();
    if (!command || !send(command)) return;
    inFlight = command.id;
    cancel = around.later(ANSWER_WITHIN, goAgain);
  }
  function goAgain(): void {
    inFlight = undefined;
    paused = false;
    go();
  }
  function reset(): void {
    cancel();
    inFlight = undefined;
    paused = false;
    pauses = 0;
  }
  return {
    go,
    awaited: () => inFlight,
    answered: reset,
    reset,
    pause(ms) {
      cancel();
      inFlight = undefined;
      paused = true;
      cancel = around.later(ms ?? Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** pauses++), goAgain);
    },
  };
}
