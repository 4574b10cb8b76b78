// New credentials for a connection that stands: at the same address what is not filled in stays as it is. Saved, it is tested, and what waited goes by itself.
import type { CrmConnector } from '@continuo/contracts';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';
import { Loading } from '../parts/loading.tsx';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';
import { crmOf } from './connections.ts';
import { Address, Credentials, credentialsIn } from './credentials.tsx';
import { Refused } from './refused.tsx';
import type { RefusedWhen } from './refused-words.ts';
import { nameOf } from './state.ts';

export function SignIn({ connection, close }: { connection: string; close: () => void }) {
  const { t } = useTexts();
  const { crms } = useWorkplace();
  const id = useConsole((state) => crmOf(state.crms, connection).connection?.connector);
  const sealed = useConsole((state) => crmOf(state.crms, connection).connection?.sealed);
  const [form, setForm] = useState<{ connector: CrmConnector; baseUrl: string; stored: readonly string[] }>();
  const [trouble, setTrouble] = useState<string>();
  useEffect(() => {
    void crms.connectors(connection).then((reply) => {
      if (!reply.ok) return setTrouble(t.refusals[reply.refusal] ?? reply.words);
      const { connectors, baseUrl = '', stored = [] } = reply.answer;
      const connector = connectors.find((one) => one.connector === id);
      if (connector) setForm({ connector, baseUrl, stored });
      else setTrouble(t.crm.connections.unknown);
    });
  }, [crms, connection, id, t]);
  if (trouble !== undefined)
    return (
      <p className="smt bad" role="alert">
        {trouble}
      </p>
    );
  if (!form) return <Loading bars={3} words={t.crm.connections.loading} />;
  return <Form {...form} connection={connection} sealed={sealed === true} close={close} />;
}

/** As crm-sync compares them. */
const sameAddress = (one: string, other: string): boolean => plain(one) === plain(other);
const plain = (address: string): string => address.trim().replace(/\/+$/, '');

function Form({
  connection,
  connector,
  baseUrl,
  stored,
  sealed,
  close,
}: {
  connection: string;
  connector: CrmConnector;
  baseUrl: string;
  stored: readonly string[];
  sealed: boolean;
  close: () => void;
}) {
  const { t } = useTexts();
  const { crms, crmOf: deskOf } = useWorkplace();
  const [address, setAddress] = useState(baseUrl);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<RefusedWhen>();
  const name = useConsole((state) => nameOf(crmOf(state.crms, connection))) ?? t.crm.theCrm;
  const form = useRef<HTMLFormElement>(null);
  // The address is known; what is new is asked for first.
  useEffect(() => form.current?.querySelector<HTMLInputElement>('input[name]')?.focus(), []);
  const keeps = !sealed && sameAddress(address, baseUrl);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const credentials = credentialsIn(event.currentTarget, connector);
    setBusy(true);
    setRefused(undefined);
    const saved = await crms.signIn({
      id: connection,
      connector: connector.connector,
      baseUrl: address.trim(),
      credentials,
    });
    const outcome = saved.ok ? await deskOf(connection).test() : saved;
    setBusy(false);
    if (outcome.ok) close();
    else setRefused({ during: saved.ok ? 'testing' : 'saving', no: outcome });
  };
  return (
    <form ref={form} onSubmit={(event) => void submit(event)}>
      <p className="smt q2">{keeps ? t.crm.connections.signInKeeps : t.crm.connections.signInAnew}</p>
      <Address connector={connector} value={address} onChange={setAddress} />
      <Credentials connector={connector} keeps={keeps} stored={stored} />
      <Refused refused={refused} connector={connector} name={name} />
      <div className="fx foot">
        <button type="button" className="k-btn" onClick={close}>
          {t.cancel}
        </button>
        <button type="submit" className="k-btn pri" disabled={busy}>
          {busy ? t.crm.testing : t.crm.connections.signInGo}
        </button>
      </div>
    </form>
  );
}
