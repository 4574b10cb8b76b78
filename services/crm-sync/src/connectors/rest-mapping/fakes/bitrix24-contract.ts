// Of Bitrix24’s published contract what the mapping uses, and nothing else: methods, parameters, fields, their types, what is needed. A test compares it with the
// vendor’s data where that lies beside the project; the fake refuses every call that is not in here.

export type Base = 'integer' | 'string' | 'array' | 'object' | 'datetime';
export interface Method {
  params: Record<string, Base>;
  required: readonly string[];
  /** What may stand in the parameter `fields`. */
  fields?: Record<string, Base>;
  fieldsRequired?: readonly string[];
  /** What may be selected, filtered by and sorted by, and what the mapping reads in the answer. */
  names?: readonly string[];
  /** Not in the data: the page of the vendor’s documentation that describes it. */
  page?: string;
}

const LEAD: Record<string, Base> = {
  TITLE: 'string',
  NAME: 'string',
  LAST_NAME: 'string',
  EMAIL: 'array',
  PHONE: 'array',
  COMMENTS: 'string',
  SOURCE_ID: 'string',
  SOURCE_DESCRIPTION: 'string',
  ORIGINATOR_ID: 'string',
  ORIGIN_ID: 'string',
  UTM_SOURCE: 'string',
  UTM_MEDIUM: 'string',
  UTM_CAMPAIGN: 'string',
  UTM_TERM: 'string',
  UTM_CONTENT: 'string',
};
const DEAL: Record<string, Base> = {
  TITLE: 'string',
  COMMENTS: 'string',
  CONTACT_IDS: 'array',
  SOURCE_ID: 'string',
  SOURCE_DESCRIPTION: 'string',
  ORIGINATOR_ID: 'string',
  ORIGIN_ID: 'string',
};
const COMMENT_NAMES = ['ID', 'CREATED', 'COMMENT', 'ENTITY_ID', 'ENTITY_TYPE'];
const COMMENT_OWNER: Record<string, Base> = { ownerTypeId: 'integer', ownerId: 'integer' };

export const METHODS: Record<string, Method> = {
  'crm.lead.add': { params: { fields: 'object' }, required: [], fields: LEAD },
  'crm.lead.update': { params: { id: 'integer', fields: 'object' }, required: ['id'], fields: LEAD },
  'crm.lead.get': {
    params: { id: 'integer' },
    required: ['id'],
    names: ['ID', 'EMAIL', 'PHONE', 'DATE_CREATE', 'STATUS_ID', 'CONTACT_ID'],
  },
  'crm.lead.list': {
    params: { select: 'array', filter: 'object', start: 'integer' },
    required: [],
    names: ['ID', 'EMAIL', 'PHONE', 'DATE_CREATE', 'ORIGINATOR_ID', 'ORIGIN_ID'],
  },
  'crm.contact.get': { params: { id: 'integer' }, required: ['id'], names: ['ID', 'EMAIL', 'PHONE', 'DATE_CREATE'] },
  'crm.contact.list': { params: { select: 'array', start: 'integer' }, required: [], names: ['ID'] },
  'crm.deal.add': { params: { fields: 'object' }, required: [], fields: DEAL },
  'crm.deal.list': {
    params: { select: 'array', filter: 'object', order: 'object', start: 'integer' },
    required: [],
    names: ['ID', 'DATE_CREATE', 'ORIGINATOR_ID', 'ORIGIN_ID'],
  },
  'crm.deal.delete': {
    params: { id: 'integer' },
    required: ['id'],
    page: 'api-reference/crm/deals/crm-deal-delete',
  },
  'crm.duplicate.findbycomm': {
    params: { type: 'string', values: 'array', entity_type: 'string' },
    required: ['type', 'values'],
  },
  'crm.timeline.comment.add': {
    params: { fields: 'object' },
    required: ['fields'],
    fields: { ENTITY_ID: 'integer', ENTITY_TYPE: 'string', COMMENT: 'string' },
    fieldsRequired: ['ENTITY_ID', 'ENTITY_TYPE', 'COMMENT'],
  },
  'crm.timeline.comment.update': {
    params: { id: 'integer', fields: 'object', ...COMMENT_OWNER },
    required: ['id', 'fields'],
    fields: { COMMENT: 'string' },
  },
  'crm.timeline.comment.list': {
    params: { select: 'array', filter: 'object', order: 'object', start: 'integer' },
    required: ['filter'],
    names: COMMENT_NAMES,
  },
  'crm.timeline.comment.delete': {
    params: { id: 'integer', ...COMMENT_OWNER },
    required: ['id'],
    page: 'api-reference/crm/timeline/comments/crm-timeline-comment-delete',
  },
  'crm.activity.todo.add': {
    params: { ...COMMENT_OWNER, deadline: 'datetime', title: 'string', description: 'string' },
    required: ['ownerTypeId', 'ownerId', 'deadline'],
  },
  'crm.activity.list': {
    params: { select: 'array', filter: 'object', order: 'object', start: 'integer' },
    required: [],
    names: ['ID', 'SUBJECT', 'CREATED', 'OWNER_ID', 'OWNER_TYPE_ID'],
    page: 'api-reference/crm/timeline/activities/activity-base/crm-activity-list',
  },
  'crm.activity.delete': {
    params: { id: 'integer' },
    required: ['id'],
    page: 'api-reference/crm/timeline/activities/activity-base/crm-activity-delete',
  },
};

const FITS: Record<Base, (value: unknown) => boolean> = {
  integer: Number.isInteger,
  string: (value) => typeof value === 'string',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  datetime: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$/.test(value),
};

/** @returns each way in which a call is not as the contract says */
export function faultsOfCall(name: string, body: unknown): string[] {
  const method = METHODS[name];
  if (!method) return [`${name} is no method`];
  const sent = (body ?? {}) as Record<string, unknown>;
  const held = (
    what: string,
    values: Record<string, unknown>,
    known: Record<string, Base>,
    needed: readonly string[] = [],
  ) => [
    ...Object.entries(values).flatMap(([key, value]) => {
      const base = known[key];
      if (!base) return [`${what}${key} is not known`];
      return FITS[base](value) ? [] : [`${what}${key} is no ${base}`];
    }),
    ...needed.filter((key) => values[key] === undefined).map((key) => `${what}${key} is lacking`),
  ];
  const { names } = method;
  const asked = [
    ...((sent['select'] as string[] | undefined) ?? []),
    ...Object.keys((sent['filter'] as object | undefined) ?? {}).map((key) => key.replace(/^[^A-Z]+/, '')),
    ...Object.keys((sent['order'] as object | undefined) ?? {}),
  ];
  return [
    ...held('', sent, method.params, method.required),
    ...(method.fields
      ? held('fields.', (sent['fields'] ?? {}) as Record<string, unknown>, method.fields, method.fieldsRequired)
      : []),
    ...['EMAIL', 'PHONE'].flatMap((key) =>
      multifieldFaults(key, (sent['fields'] as Record<string, unknown> | undefined)?.[key]),
    ),
    ...(names ? asked.filter((key) => !names.includes(key)).map((key) => `${key} is no field`) : []),
  ];
}

/** E-mails and phones are lists of `{VALUE, VALUE_TYPE}`. */
function multifieldFaults(key: string, value: unknown): string[] {
  if (value === undefined || !Array.isArray(value)) return [];
  const fine = value.every(
    (one) =>
      Object.keys(one as object)
        .sort()
        .join() === 'VALUE,VALUE_TYPE' && typeof (one as { VALUE: unknown }).VALUE === 'string',
  );
  return fine ? [] : [`fields.${key} is no list of VALUE and VALUE_TYPE`];
}
