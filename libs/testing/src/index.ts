// Front door of the test world.
export * from './eventually.ts';
