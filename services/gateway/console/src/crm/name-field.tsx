// What people call a connection. Two may bear the same name, and whoever gives it is told.
import { useTexts } from '../locales/use-texts.ts';
import { useConsole } from '../session/use-workplace.ts';

/** @param connection whose name it is; none has it yet without */
export function Name({
  value,
  onChange,
  connection,
}: {
  value: string;
  onChange: (name: string) => void;
  connection?: string;
}) {
  const { t } = useTexts();
  const other = useConsole(({ crms: { list = [] } }) =>
    list.some((line) => line.name === value.trim() && line.connection !== connection),
  );
  return (
    <label>
      <span className="xs q2">{t.crm.connections.name}</span>
      <input required maxLength={60} value={value} onChange={(event) => onChange(event.target.value)} />
      {other && <span className="xs warn">{t.crm.connections.sameName}</span>}
    </label>
  );
}
