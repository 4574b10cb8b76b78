// Front door of what every process needs around its work.
export * from './clock.ts';
export * from './config.ts';
export * from './derive-id.ts';
export * from './health.ts';
export * from './outbound.ts';
export { INTERNET, outboundAllow } from './outbound-address.ts';
export * from './run.ts';
export * from './signed-link.ts';
export { drainSignal, hanging, type Vital, vital } from './vitals.ts';
