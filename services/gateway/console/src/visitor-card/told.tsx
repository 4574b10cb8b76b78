// What the site's pages told of the visitor: his cart as it is now, and what he did there, goals before other events of the same moment.
import type { VisitorCard } from '@continuo/contracts';
import { useTexts } from '../locales/use-texts.ts';
import { Icon } from '../parts/icon.tsx';
import { useConsole } from '../session/use-workplace.ts';
import { type Deed, deedsOf } from './state.ts';

export function ToldSections({ visitor, now }: { visitor: string; now: number }) {
  const card = useConsole((state) => state.cards[visitor]);
  const deeds = card ? deedsOf(card) : [];
  return (
    <>
      {card?.cart && <Cart cart={card.cart} now={now} />}
      {deeds.length > 0 && <Deeds deeds={deeds} now={now} />}
    </>
  );
}

function Cart({ cart, now }: { cart: NonNullable<VisitorCard['cart']>; now: number }) {
  const { t, f } = useTexts();
  const { items, total, currency, at } = cart;
  return (
    <section className="k-sec">
      <h3>
        {t.card.cart} <span className="q num">{f.ago(at, now)}</span>
      </h3>
      <ul className="k-cart">
        {items.map(({ name, quantity, price }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same thing may lie in a cart twice.
          <li key={`${place} ${name}`}>
            <span className="el gr" title={name}>
              {quantity !== 1 && <span className="num q2">{t.card.amount(f.number(quantity))} </span>}
              {name}
            </span>
            {price !== undefined && <span className="num nw">{f.money(price * quantity, currency)}</span>}
          </li>
        ))}
        {total !== undefined && (
          <li className="sum">
            <span className="gr">{t.card.total}</span>
            <span className="num nw str">{f.money(total, currency)}</span>
          </li>
        )}
      </ul>
    </section>
  );
}

function Deeds({ deeds, now }: { deeds: readonly Deed[]; now: number }) {
  const { t, f } = useTexts();
  return (
    <section className="k-sec">
      <h3>{t.card.told}</h3>
      <ul className="k-kv deeds">
        {deeds.map(({ kind, name, value, currency, details, at }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be told in one moment under one name.
          <li key={`${at} ${place}`}>
            <Icon name={kind === 'goal' ? 'flag' : 'spark'} />
            <span>
              <span className={kind === 'goal' ? 'str' : ''}>{name}</span>
              {value !== undefined && <span className="num"> {f.money(value, currency)}</span>}
              {details && <span className="q2"> {details}</span>}
            </span>
            <time className="xs q num nw">{f.ago(at, now)}</time>
          </li>
        ))}
      </ul>
    </section>
  );
}
