// Front door of logging; traces and metrics join here.
export * from './log.ts';
