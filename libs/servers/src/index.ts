// The one way to get a server: what `npm start` runs and what the tests run against are started here.
export { type MongoOptions, startMongo } from './mongo.ts';
export { type NatsOptions, type NatsUser, startNats } from './nats.ts';
export { freePort } from './ports.ts';
export { AlreadyRunningError, PortTakenError, type RunningServer } from './processes.ts';
