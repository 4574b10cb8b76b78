// Front door of the bus: the only code that knows NATS.
export * from './append.ts';
export * from './command.ts';
export * from './connect.ts';
export * from './consume.ts';
export {
  type DeadLetter,
  discardDeadLetter,
  listDeadLetters,
  type OpenedLetter,
  openDeadLetter,
  replayDeadLetter,
  type Settled,
} from './dead-letter.ts';
export * from './errors.ts';
export { watchFilling } from './filling.ts';
export * from './lease.ts';
export * from './live.ts';
export * from './load.ts';
export * from './outcome.ts';
export * from './permissions.ts';
export * from './provision.ts';
export * from './scan.ts';
export * from './settings.ts';
export * from './signal.ts';
export * from './stream-copy.ts';
export * from './timer.ts';
