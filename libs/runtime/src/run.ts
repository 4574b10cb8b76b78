// The life of a process: configuration → start → ready → signal → drain. It ends because nothing is left to do; a watchdog ends it if something is.
import { logger, startTelemetry, type Telemetry, watchGauge } from '@continuo/telemetry';
import type { z } from 'zod';
import { ConfigError, type httpConfig, readConfig, telemetryConfig } from './config.ts';
import { drainSeconds, startDraining } from './vitals.ts';

/** So long may a service take to drain; what starts it must wait longer before it kills. */
export const WATCHDOG_MS = 25_000;
const SECOND_SIGNAL_MS = 5_000;

export interface Service extends AsyncDisposable {
  /** Where it serves HTTP. */
  readonly port: number;
}

/**
 * What every `main.ts` calls. Prints one line of JSON on stdout when the service is ready; a fault at start is one clear message and exit code 1.
 * SIGTERM and SIGINT drain by disposing the service; past the watchdog the process exits with 2. A second signal within 5 s is ignored, later it forces.
 */
export async function runService<Shape extends z.ZodRawShape>(
  name: string,
  shape: Shape,
  start: (config: z.infer<z.ZodObject<Shape>>) => Promise<Service>,
): Promise<void> {
  const log = logger(name);
  let service: Service;
  let telemetry: Telemetry;
  try {
    const config = readConfig({ ...shape, ...telemetryConfig });
    telemetry = await telemetryOf(name, config as unknown as TelemetryConfig);
    service = await start(config as z.infer<z.ZodObject<Shape>>);
  } catch (error) {
    process.stderr.write(
      `${name}: ${error instanceof ConfigError ? error.message : `cannot start: ${error instanceof Error ? error.message : String(error)}`}\n`,
    );
    if (!(error instanceof ConfigError)) log.fatal({ err: error }, 'The service could not start.');
    process.exit(1);
  }

  let signalledAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (signalledAt !== undefined) {
      if (Date.now() - signalledAt > SECOND_SIGNAL_MS) process.exit(2);
      return;
    }
    signalledAt = Date.now();
    startDraining();
    log.info({ signal }, 'Draining.');
    setTimeout(() => {
      log.error('Draining took too long.');
      process.exit(2);
    }, WATCHDOG_MS).unref();
    const drained = async (): Promise<void> => {
      await service[Symbol.asyncDispose]();
      log.info({ milliseconds: Date.now() - (signalledAt as number) }, 'Drained.');
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
      // A collector that is away holds nobody up.
      if (!(await telemetry.shutdown())) process.exit();
    };
    drained().catch((error: unknown) => {
      log.error({ err: error }, 'Draining failed.');
      process.exitCode = 2;
    });
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  // Last: whoever reads this line may send a signal at once.
  process.stdout.write(`${JSON.stringify({ ready: true, service: name, port: service.port, pid: process.pid })}\n`);
}

type TelemetryConfig = z.infer<z.ZodObject<typeof telemetryConfig & Pick<typeof httpConfig, 'CONTINUO_HTTP_HOST'>>>;

async function telemetryOf(service: string, config: TelemetryConfig): Promise<Telemetry> {
  const telemetry = await startTelemetry({
    service,
    metrics: config.CONTINUO_METRICS === '1',
    metricsPort: config.CONTINUO_METRICS_PORT,
    host: config.CONTINUO_HTTP_HOST,
  });
  watchGauge('continuo.drain.seconds', () => [{ value: drainSeconds(), labels: {} }]);
  return telemetry;
}
