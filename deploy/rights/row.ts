// A row of a matrix: what comes of one thing for each kind of person. Written by groups, the narrower ones after the wider; whoever is left out is a fault of the row.
import { PEOPLE, type Person } from './cast.ts';

const GROUPS = {
  everybody: PEOPLE,
  /** Nobody who is logged in. */
  strangers: ['anonymous', 'visitor', 'otherVisitor'],
  visitors: ['visitor', 'otherVisitor'],
  /** Of the site and of the other one. */
  employees: ['agent', 'supervisor', 'admin', 'foreignAgent', 'foreignSupervisor', 'foreignAdmin'],
  agents: ['agent', 'foreignAgent'],
  supervisors: ['supervisor', 'admin'],
  foreign: ['foreignAgent', 'foreignSupervisor', 'foreignAdmin'],
  foreignSupervisors: ['foreignSupervisor', 'foreignAdmin'],
} as const satisfies Record<string, readonly Person[]>;

export type Row<Outcome> = Record<Person, Outcome>;
type Said<Outcome> = Partial<Record<keyof typeof GROUPS | Person, Outcome>>;

/** @throws naming whoever is not spoken of */
export function row<Outcome>(said: Said<Outcome>): Row<Outcome> {
  const made: Partial<Row<Outcome>> = {};
  for (const [who, outcome] of Object.entries(said) as [keyof Said<Outcome>, Outcome][])
    for (const person of who in GROUPS ? GROUPS[who as keyof typeof GROUPS] : [who as Person]) made[person] = outcome;
  const missing = PEOPLE.filter((person) => !(person in made));
  if (missing.length > 0) throw new Error(`a row says nothing of ${missing.join(', ')}`);
  return made as Row<Outcome>;
}
