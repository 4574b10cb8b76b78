// One logger per process part. A line is one constant sentence and fields; ids are fields, texts of visitors and secrets never are.
import { trace } from '@opentelemetry/api';
import { pino } from 'pino';

export type Logger = ReturnType<typeof logger>;

const REDACTED = [
  'password',
  'token',
  'authorization',
  'cookie',
  'text',
  'email',
  'phone',
  'credentials',
  '*.password',
  '*.token',
  '*.authorization',
  '*.cookie',
  '*.text',
  '*.email',
  '*.phone',
  '*.credentials',
];

const root = pino({
  level: process.env['CONTINUO_LOG_LEVEL'] ?? 'info',
  base: { service: process.env['CONTINUO_SERVICE'] ?? 'continuo' },
  formatters: { level: (label) => ({ level: label }) },
  timestamp: pino.stdTimeFunctions.isoTime,
  mixin: () => {
    const span = trace.getActiveSpan()?.spanContext();
    return span ? { trace: span.traceId, span: span.spanId } : {};
  },
  redact: { paths: REDACTED, censor: '[kept out of the log]' },
  // Errors of libraries may quote what they choked on: name, message and stack are kept, attached requests and bodies are not.
  serializers: {
    err: (error: unknown) =>
      error instanceof Error
        ? { name: error.name, message: error.message, stack: error.stack }
        : { name: typeof error },
  },
});

/** Tools that talk to people keep their logs to what went wrong. */
export const onlyWarnings = (): void => {
  root.level = 'warn';
};

/** @param part where in the product the line comes from, e.g. `bus` or `crm-sync` */
export const logger = (part: string, fields: Record<string, unknown> = {}) => root.child({ part, ...fields });
