// Who may decide over a site's connection to its CRM: those who answer for the site, not everybody who answers in it.
import { refuse } from '@continuo/bus';
import type { Actor } from '@continuo/contracts';

export const runsTheCrm = ({ kind, role }: Actor): boolean =>
  kind === 'operator' || (kind === 'agent' && (role === 'supervisor' || role === 'admin'));

/** Who may add, rename and remove one: whoever does so says where every word of the site's visitors goes. */
export const connectsCrms = ({ kind, role }: Actor): boolean =>
  kind === 'operator' || (kind === 'agent' && role === 'admin');

export const notYours = () => refuse('not-allowed', 'Only a supervisor or an administrator may do this.');
export const notForSupervisors = () =>
  refuse('not-allowed', 'Only an administrator connects a CRM, or takes one away.');
