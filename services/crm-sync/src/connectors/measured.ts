// One call to a CRM as the metrics and traces show it: how long, by whom, what came of it. Waiting for the connection's turn is no part of it.
import { inSpan, type SpanFields, timed } from '@continuo/telemetry';
import { CrmError } from './crm-error.ts';

export interface MeasuredCall {
  /** Name of the CRM. */
  crm: string;
  /** Of HTTP, or `publish`. */
  method: string;
  /** What is called, without anything of a person in it. */
  template: string;
}

export function measured<T>({ crm, method, template }: MeasuredCall, work: () => Promise<T>): Promise<T> {
  const stop = timed('continuo.crm.call.seconds');
  const fields: SpanFields = {
    'continuo.crm': crm,
    'url.template': template,
    ...(method !== 'publish' && { 'http.request.method': method }),
  };
  return inSpan(`crm ${method}`, { kind: 'client', fields }, async (span) => {
    try {
      const answer = await work();
      stop({ crm, method, outcome: 'ok' });
      return answer;
    } catch (error) {
      const outcome = error instanceof CrmError ? error.fault : 'bug';
      stop({ crm, method, outcome });
      span.note({ 'continuo.outcome': outcome });
      throw error;
    }
  });
}
