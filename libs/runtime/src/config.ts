// Configuration comes from the environment alone: one zod object per service, a sentence for each variable, all faults told at once.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);

export const busConfig = {
  CONTINUO_NATS_URL: z.string().default('nats://127.0.0.1:4222').describe('NATS servers, separated by commas'),
  CONTINUO_NATS_USER: z.string().optional().describe('identity of this service at NATS'),
  CONTINUO_NATS_PASSWORD: z.string().optional().describe('its password (secret)'),
};
export const storeConfig = {
  CONTINUO_MONGO_URL: z
    .string()
    .default('mongodb://127.0.0.1:27017/?replicaSet=rs0')
    .describe('MongoDB replica set (secret)'),
  CONTINUO_MONGO_DATABASE: z.string().default('continuo').describe('database of this installation'),
};
export const httpConfig = {
  CONTINUO_HTTP_HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  CONTINUO_HTTP_PORT: port.default(0).describe('port to listen on; 0 takes a free one'),
};
export const telemetryConfig = {
  CONTINUO_METRICS: z
    .enum(['0', '1'])
    .default('0')
    .describe('1 measures, and serves `/metrics` beside `/readyz`; never on the gateway, whose port is public'),
  CONTINUO_METRICS_PORT: port
    .default(0)
    .describe('measures, and serves `/metrics` on a listener of its own; 0 opens none'),
};
/** Read by every process, whatever its service. */
const everywhere = {
  ...telemetryConfig,
  CONTINUO_SERVICE: z.string().optional().describe('name in log lines'),
  CONTINUO_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .optional()
    .describe('least important log line that is written'),
  CONTINUO_TEST_CLOCK: z.enum(['0', '1']).optional().describe('1 lets a test move the clock; never in production'),
  CONTINUO_TEST_CLOCK_FILE: z.string().optional().describe('where the test keeps the offset of the clock'),
};

export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`configuration: ${faults.length} fault${faults.length > 1 ? 's' : ''}\n  ${faults.join('\n  ')}`);
    this.faults = faults;
  }
}

/**
 * Reads and checks a service's configuration. `<NAME>_FILE` names a file that holds the value, for secrets. Who says both says two things, of which one
 * would be passed over in silence: that is a fault, even where they say the same.
 * @throws {ConfigError} with every fault in one message: wrong values, unknown CONTINUO_ variables, unreadable files, values given twice
 */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: NodeJS.ProcessEnv = process.env,
): z.infer<z.ZodObject<Shape>> {
  const known = { ...everywhere, ...shape };
  const faults: string[] = [];
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('CONTINUO_') || value === undefined) continue;
    const target = name in known ? name : name.endsWith('_FILE') ? name.slice(0, -5) : name;
    if (!(target in known)) {
      faults.push(`${name}: unknown variable`);
      continue;
    }
    if (target !== name && env[target] !== undefined) {
      faults.push(`${target} and ${name} are both set: take one of them away`);
      continue;
    }
    try {
      values[target] = target === name ? value : readFileSync(value, 'utf8').trim();
    } catch {
      faults.push(`${name}: the file cannot be read`);
    }
  }
  const result = z.object(shape).safeParse(values);
  if (!result.success)
    for (const issue of result.error.issues)
      faults.push(`${issue.path.join('.')}: ${issue.message} (${describe(shape, issue.path[0])})`);
  if (faults.length > 0) throw new ConfigError(faults);
  return result.data as z.infer<z.ZodObject<Shape>>;
}

/** Of an environment what this shape reads: for whoever runs beside whatever else is set there. */
export const concerning = (shape: z.ZodRawShape, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name in shape || name.replace(/_FILE$/, '') in shape));

const describe = (shape: z.ZodRawShape, name: PropertyKey | undefined): string =>
  (shape[name as string] as z.ZodType | undefined)?.description ?? 'no description';
