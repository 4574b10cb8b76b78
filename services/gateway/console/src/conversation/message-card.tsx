// A message's words with its card, as the visitor has it: picture and title above them, buttons below. Here the buttons are only shown; links can be opened.
import type { Card } from '@continuo/contracts';
import { type ReactNode, useState } from 'react';
import { useTexts } from '../locales/use-texts.ts';

export function MessageCard({ card, children }: { card: Card | undefined; children: ReactNode }) {
  const { t } = useTexts();
  if (!card) return children;
  const { title, picture, buttons } = card;
  return (
    <div className="k-mc">
      {picture && <Picture key={picture} address={picture} />}
      {title && <b>{title}</b>}
      <span>{children}</span>
      {buttons && (
        <ul aria-label={t.messageCard.buttons}>
          {buttons.map(({ label, link }, index) => (
            // Two buttons may say the same.
            // biome-ignore lint/suspicious/noArrayIndexKey: the buttons of a card never change
            <li key={index}>
              {link ? (
                <a href={link} target="_blank" rel="noopener noreferrer nofollow" title={link}>
                  {label}
                </a>
              ) : (
                label
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Picture({ address }: { address: string }) {
  const { t } = useTexts();
  const [broken, setBroken] = useState(false);
  if (broken) return <small>{t.messageCard.noPicture}</small>;
  return <img alt="" src={address} referrerPolicy="no-referrer" onError={() => setBroken(true)} />;
}
