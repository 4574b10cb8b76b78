// Front door of the test world.
export * from './agent.ts';
export * from './clock.ts';
export * from './eventually.ts';
export * from './socket-client.ts';
export * from './visitor.ts';
export * from './world.ts';
