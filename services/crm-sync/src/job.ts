// What one dialogue should become in the CRM of its site: its facts, the site's words and rules, ready to be carried out.
import { createHash } from 'node:crypto';
import { ask, type Bus, UnavailableError } from '@continuo/bus';
import { type CrmTaskKind, crmTaskKind, newId, type SiteSettings, timeZoneOf } from '@continuo/contracts';
import type { Transcript } from '@continuo/transcript';
import { textLanguage } from '@continuo/transcript';
import { type Context, fieldsOf } from './domain/context.ts';
import { factsOf, type Way, wayOf } from './domain/facts.ts';
import { NO_RULE } from './domain/rule.ts';
import type { Job } from './perform.ts';
import { loadTemplates, withOwn } from './templates.ts';

const templates = loadTemplates();
/** The dialogue does not wait for what is only nice to know. */
const CARD_MS = 1_500;

type Site = Pick<SiteSettings, 'name' | 'language' | 'hours' | 'crm'>;
const NO_SITE: Site = { name: '', language: 'en', crm: { windowSeconds: 5 } };

export function wantedOf(
  transcript: Transcript,
  {
    site = NO_SITE,
    way,
    dialogueUrl,
    takesFacts,
  }: { site: Site | undefined; way: Way; dialogueUrl: string; takesFacts: boolean },
): Pick<Job, 'context' | 'rule' | 'dealRule' | 'fields' | 'news' | 'tasks' | 'takesFacts'> {
  const { crm } = site;
  const language = textLanguage(site.language);
  const context: Context = {
    siteName: site.name,
    dialogueUrl,
    language,
    timeZone: timeZoneOf(site),
    words: withOwn(templates[language], crm.templates),
    facts: factsOf(transcript, way, dialogueUrl),
    fields: crm.fields ?? {},
  };
  const fields = fieldsOf(transcript, context);
  // Whoever takes facts is told how it ended; while it goes on the first ones are enough.
  const facts = takesFacts && transcript.status === 'closed' ? context.facts : {};
  const nothing = Object.keys(fields).length + Object.keys(facts).length === 0;
  return {
    context,
    rule: crm.lead ?? NO_RULE,
    dealRule: crm.deal,
    tasks: crm.tasks ?? (crmTaskKind.options as readonly CrmTaskKind[]),
    takesFacts,
    fields,
    news: nothing
      ? ''
      : createHash('sha256')
          .update(JSON.stringify([fields, facts]))
          .digest('base64url'),
  };
}

/** As the visitor's card shows it; once a dialogue has ended nothing is added to what was known by then. @returns `known` when nobody can tell now */
export async function askWay(bus: Bus, transcript: Transcript, known: Way | undefined): Promise<Way> {
  const { site, visitor } = transcript;
  if (known?.until !== undefined && known.until >= transcript.updatedAt) return known;
  const envelope = { id: newId(), site, actor: { kind: 'system', id: 'crm-sync' } as const };
  try {
    const card = await ask(bus, 'visitor-card', envelope, { visitor }, { timeoutMs: CARD_MS });
    return card.ok ? { ...known, ...wayOf(transcript, card), until: transcript.updatedAt } : (known ?? {});
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return known ?? {};
  }
}
