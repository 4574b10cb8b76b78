// What a connector wants to be told so that it is let in: its own list, the usual things in plain words. What is secret nobody reads over a shoulder.
import type { CrmConnector } from '@continuo/contracts';
import { useTexts } from '../locales/use-texts.ts';
import { labelOf } from './refused-words.ts';

const HIDDEN = /token|secret|password|key|code/i;

/**
 * @param keeps what is left empty stays as it is, so nothing has to be filled in
 * @param stored names of those that stand: one that it can do without can be taken away
 */
export function Credentials({
  connector,
  keeps = false,
  stored = [],
}: {
  connector: CrmConnector;
  keeps?: boolean;
  stored?: readonly string[];
}) {
  const { t } = useTexts();
  const words = t.crm.connections;
  return connector.credentials.map(({ name, required, says }) => {
    const label = labelOf(connector.connector, name, t);
    const hint = words.hints[`${connector.connector} ${name}`];
    const field = (
      <label key={`${connector.connector} ${name}`}>
        <span className="xs q2">
          {label ?? <span lang="en">{says ?? name}</span>}
          {!required && ` (${words.optional})`}
        </span>
        <input
          name={`credential ${name}`}
          type={HIDDEN.test(name) ? 'password' : 'text'}
          autoComplete="off"
          required={required && !keeps}
        />
        {hint !== undefined && <span className="xs q2">{hint}</span>}
        {hint === undefined && label !== undefined && says !== undefined && (
          <span className="xs q2" lang="en">
            {says}
          </span>
        )}
      </label>
    );
    if (required || !keeps || !stored.includes(name)) return field;
    return (
      <div key={`${connector.connector} ${name}`} className="takeable">
        {field}
        <label className="takes">
          <input type="checkbox" name={`forget ${name}`} />
          <span className="xs q2">{words.forget(label ?? says ?? name)}</span>
        </label>
      </div>
    );
  });
}

export function Address({
  connector,
  value,
  onChange,
}: {
  connector: CrmConnector | undefined;
  value: string;
  onChange: (address: string) => void;
}) {
  const { t } = useTexts();
  return (
    <label>
      <span className="xs q2">{t.crm.connections.address}</span>
      <input
        type="url"
        required
        placeholder={`${connector?.schemes[0] ?? 'https'}://`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

/** What was filled in; empty what is to be taken away. */
export function credentialsIn(form: HTMLFormElement, connector: CrmConnector): Record<string, string> {
  const given = new FormData(form);
  return Object.fromEntries(
    connector.credentials.flatMap(({ name }) => {
      const value = String(given.get(`credential ${name}`) ?? '').trim();
      return value !== '' || given.has(`forget ${name}`) ? [[name, value] as const] : [];
    }),
  );
}
