// Faults of the bus by what a caller does about them: decide again, wait, or leave a message to a newer replica.
import { JetStreamApiCodes, JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';

/** Somebody else appended first: load, decide again. */
export class ConflictError extends Error {
  override name = 'ConflictError';
}
/** Nobody answered in time; whether it happened is unknown. Repeat with the same id. */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
}
/** Whoever was asked failed with a fault of its own, which says nothing of the bus. Repeat with the same id. */
export class FaultError extends UnavailableError {
  override name = 'FaultError';
}
/** A type or version this replica does not know; another one may. */
export class UnknownMessageError extends Error {
  override name = 'UnknownMessageError';
}
/** A record that is no JSON or does not say what it is: half written, or by something else than Continuo. It never becomes readable. */
export class UnreadableMessageError extends Error {
  override name = 'UnreadableMessageError';
}
/** A handler was at work for too long without a word. */
export class HandlerHangsError extends Error {
  override name = 'HandlerHangsError';
}
/** The stream is full: nothing is dropped, the append is refused. Like an outage it passes, and no message is at fault. */
export class StreamFullError extends UnavailableError {
  override name = 'StreamFullError';
}

const STREAM_STORE_FAILED = 10077;
const MAX_BYTES = 10047;

export function isConflict(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamWrongLastSequence ||
      error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown)
  );
}

export function isFull(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === STREAM_STORE_FAILED || error.code === MAX_BYTES || /maximum bytes|insufficient/.test(error.message))
  );
}

/** Is this the bus being away, rather than a fault of the message at hand? */
export function isBusOutage(error: unknown): boolean {
  if (
    error instanceof UnavailableError ||
    error instanceof ConnectionError ||
    error instanceof ClosedConnectionError ||
    error instanceof DrainingConnectionError
  )
    return true;
  if (error instanceof TimeoutError || error instanceof NoRespondersError || error instanceof RequestError) return true;
  // 503 and "no responders": JetStream is there but cannot serve, e.g. without a leader.
  if (error instanceof JetStreamApiError) return error.code >= 10005 && error.code <= 10009;
  return error instanceof JetStreamError && /no responders|unavailable|timeout/i.test(error.message);
}
