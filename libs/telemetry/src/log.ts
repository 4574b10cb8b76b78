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
    err: (error: unknown) => (error instanceof Error ? shown(error) : { name: typeof error }),
  },
});

function shown({ name, message, stack = '' }: Error): { name: string; message: string; stack: string } {
  if (name !== 'SyntaxError') return { name, message, stack };
  // The parser of JSON quotes the beginning of what it could not read, in the message and so in the first line of the stack.
  return { name, message: 'something could not be read', stack: stack.replace(/^.*?(?=\n {4}at |$)/s, name) };
}

/** Tools that talk to people keep their logs to what went wrong. */
export const onlyWarnings = (): void => {
  root.level = 'warn';
};

/** @param part where in the product the line comes from, e.g. `bus` or `crm-sync` */
export const logger = (part: string, fields: Record<string, unknown> = {}) => root.child({ part, ...fields });
