// Front door of the test world.
export * from './agent.ts';
export * from './clock.ts';
export * from './company.ts';
export * from './eventually.ts';
export * from './faults.ts';
export * from './figure.ts';
export { freeze } from './freeze.ts';
export { expectNoLeaks, keepOut, keepOutOf } from './leaks.ts';
export { type CollectedSpan, type OtlpSink, startOtlpSink } from './otlp-sink.ts';
export * from './socket-client.ts';
export { atTerminal } from './terminal.ts';
export * from './visitor.ts';
export * from './world.ts';
