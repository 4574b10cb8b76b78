// Connects one more CRM: which it is, what people call it, where it is reached and what it wants to be told. What is refused is said here, and nothing is lost.
import type { CrmConnector } from '@continuo/contracts';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { useModal } from '../parts/modal.ts';
import { go } from '../route.ts';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';
import { CONNECTION_ID, DEFAULT, idFor, namesakes } from './connections.ts';
import { Address, Credentials, credentialsIn } from './credentials.tsx';
import { Name } from './name-field.tsx';
import { Refused } from './refused.tsx';
import type { RefusedWhen } from './refused-words.ts';

export function ConnectDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const { crms } = useWorkplace();
  const title = useId();
  const [connectors, setConnectors] = useState<CrmConnector[]>();
  const [trouble, setTrouble] = useState<string>();
  const dialog = useModal(connectors !== undefined);
  useEffect(() => {
    void crms
      .connectors()
      .then((reply) =>
        reply.ok ? setConnectors(reply.answer.connectors) : setTrouble(t.refusals[reply.refusal] ?? reply.words),
      );
  }, [crms, t]);
  return (
    <dialog ref={dialog} className="k-dialog resync connecting" aria-labelledby={title} onClose={onClose}>
      <div className="fx">
        <h2 id={title} className="gr" tabIndex={-1}>
          {t.crm.connections.title}
        </h2>
        <button type="button" className="k-ib" aria-label={t.close} onClick={() => dialog.current?.close()}>
          <Icon name="cross" />
        </button>
      </div>
      <p className="smt q2">{t.crm.connections.text}</p>
      {trouble !== undefined && (
        <p className="smt bad" role="alert">
          {trouble}
        </p>
      )}
      {connectors ? (
        <Form connectors={connectors} close={() => dialog.current?.close()} />
      ) : (
        trouble === undefined && <Loading bars={3} words={t.crm.connections.loading} />
      )}
    </dialog>
  );
}

function Form({ connectors, close }: { connectors: CrmConnector[]; close: () => void }) {
  const { t } = useTexts();
  const { crms } = useWorkplace();
  const list = useConsole((state) => state.crms.list) ?? [];
  const [chosen, setChosen] = useState(connectors[0]?.connector ?? '');
  const [name, setName] = useState<string>();
  const [ownId, setOwnId] = useState<string>();
  const [address, setAddress] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<RefusedWhen>();
  const connector = connectors.find((one) => one.connector === chosen);
  const called = name ?? connector?.name ?? '';
  // The first of a site has all that was said before there was any.
  const first = list.length === 0;
  const suggested = first ? DEFAULT : idFor(called, [DEFAULT, ...list.map(({ connection }) => connection)]);
  const id = ownId ?? suggested;
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (!connector) return;
    const credentials = credentialsIn(event.currentTarget, connector);
    setBusy(true);
    setRefused(undefined);
    const outcome = await crms.connect({
      id,
      name: called.trim(),
      connector: chosen,
      baseUrl: address.trim(),
      credentials,
    });
    setBusy(false);
    if (!outcome.ok) return setRefused({ during: 'saving', no: outcome });
    close();
    go({ page: 'crm', connection: id });
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label>
        <span className="xs q2">{t.crm.connections.which}</span>
        <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
          {connectors.map((one) => (
            <option key={one.connector} value={one.connector}>
              {namesakes(connectors, one.name) ? `${one.name} (${one.connector})` : one.name}
            </option>
          ))}
        </select>
      </label>
      <Name value={called} onChange={setName} />
      <Address connector={connector} value={address} onChange={setAddress} />
      {connector && <Credentials connector={connector} />}
      {!first && (
        <label>
          <span className="xs q2">{t.crm.connections.id}</span>
          <input
            required
            maxLength={20}
            pattern={CONNECTION_ID}
            autoCapitalize="none"
            spellCheck={false}
            value={id}
            onChange={(event) => setOwnId(event.target.value)}
          />
          <span className="xs q2">{t.crm.connections.idText}</span>
        </label>
      )}
      <Refused refused={refused} connector={connector} name={called} />
      <div className="fx foot">
        <button type="button" className="k-btn" onClick={close}>
          {t.cancel}
        </button>
        <button type="submit" className="k-btn pri" disabled={busy || called.trim() === ''}>
          {t.crm.connections.go}
        </button>
      </div>
    </form>
  );
}
