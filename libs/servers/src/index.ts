// The one way to get a server: what `npm start` runs and what the tests run against are started here.
export {
  type BottleCrm,
  type BottleCrmAccess,
  type BottleCrmOptions,
  type BottleCrmOrganisation,
  bottleCrmAt,
  startBottleCrm,
} from './bottlecrm.ts';
export type { CaughtMail } from './caught-mail.ts';
export { findChromium } from './chromium.ts';
export { endingWithUs } from './ending-with-us.ts';
export { KUBERNETES_VERSION, kubectl, kubernetesSchemas } from './kubernetes.ts';
export { type MailCatcher, type MailCatcherOptions, startMailCatcher } from './mail-catcher.ts';
export { launchMongod, type MongoOptions, mongoRecipe, startMongo } from './mongo.ts';
export { type MongoSet, startMongoSet } from './mongo-set.ts';
export { mongoCommand } from './mongo-wire.ts';
export { type NatsOptions, type NatsUser, natsRecipe, startNats } from './nats.ts';
export { type NatsCluster, startNatsCluster } from './nats-cluster.ts';
export { onPath } from './on-path.ts';
export { freePort, isFree } from './ports.ts';
export { identify, isRunning, type ProcessIdentity } from './process-identity.ts';
export { AlreadyRunningError, PortTakenError, type RunningServer, takeOver } from './processes.ts';
export { type RabbitMqOptions, type RunningRabbitMq, startRabbitMq } from './rabbitmq.ts';
export { resolveRabbitMq } from './rabbitmq-resolve.ts';
export { resolveBinary } from './resolve.ts';
export { type Restartable, restartable } from './restartable.ts';
export {
  keptSecrets,
  NATS_USERS,
  SERVICES,
  type Secrets,
  type ServiceName,
  type ServiceProcess,
  type Surroundings,
  serviceEnvironment,
  startService,
} from './services.ts';
export { releaseTestServers, testChromium, testCrm, testMongoUrl } from './test-servers.ts';
