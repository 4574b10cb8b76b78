// Presence has four shapes as well as four colours; the words stand beside it or are read by screen readers.
import type { AgentState } from '@continuo/contracts';

const CLASS: Record<AgentState, string> = {
  online: 'is-free',
  busy: 'is-busy',
  away: 'is-away',
  offline: 'is-offline',
};

export function Presence({ state, label }: { state: AgentState; label?: string }) {
  return (
    <i
      className={`pres ${CLASS[state]}`}
      {...(label ? { role: 'img', 'aria-label': label, title: label } : { 'aria-hidden': true })}
    />
  );
}

/** How many of his places an agent has taken; warm when all of them. */
export function Load({ load, capacity, label }: { load: number; capacity: number; label: string }) {
  const bars = Array.from({ length: Math.min(capacity, 10) }, (_, place) => place);
  return (
    <span className={`k-load ${load >= capacity ? 'full' : ''}`} role="img" aria-label={label}>
      {bars.map((place) => (
        <i key={place} className={place < load ? 'on' : ''} />
      ))}
    </span>
  );
}
