// What a mapping file may say: the whole language, with a sentence for each word. docs/rest-mapping.md explains it to an administrator.
import { expected } from '@continuo/contracts';
import { z } from 'zod';

/** An object that says which keys it knows when it is given another. */
const object = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `is not known here; known are ${Object.keys(shape).join(', ')}` : undefined,
  });

const template = z.string();
const path = z.string().min(1);
const paths = z
  .union([path, z.array(path).min(1)], { error: expected('a path, or a list of paths,') })
  .transform((one) => (Array.isArray(one) ? one : [one]));
const kind = z.enum(['lead', 'contact']);

const comparison = {
  equals: template.optional(),
  contains: template.optional(),
  matches: z.string().optional().describe('a regular expression'),
  is: z.enum(['present', 'absent']).optional(),
  ignoreCase: z.boolean().default(true),
  digits: z.boolean().default(false).describe('only digits are compared, as in phones'),
};
const oneComparison = [
  ({ equals, contains, matches, is }: { equals?: unknown; contains?: unknown; matches?: unknown; is?: unknown }) =>
    [equals, contains, matches, is].filter((one) => one !== undefined).length === 1,
  'needs exactly one of equals, contains, matches, is',
] as const;
const condition = object({ path: path.describe('what is looked at'), ...comparison }).refine(...oneComparison);
const conditions = z.array(condition).default([]);
/** Of an answer its headers can be looked at as well. */
const answerCondition = object({
  path: path.optional().describe('what is looked at in the body'),
  header: z.string().min(1).optional().describe('or in the headers'),
  ...comparison,
})
  .refine(...oneComparison)
  .refine((one) => (one.path === undefined) !== (one.header === undefined), 'needs either path or header');

const REQUEST = {
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  path: template.describe('below the base address; values in it are encoded'),
  query: z.record(z.string(), template).default({}),
  headers: z.record(z.string(), template).default({}),
  body: z.unknown().optional(),
};
/** Beside `request:` stands what is read from the answer; where nothing is read, the word is the request itself. */
const request = z.strictObject(REQUEST, {
  error: (issue) => {
    if (issue.code !== 'unrecognized_keys') return undefined;
    const known = `is not known here; known are ${Object.keys(REQUEST).join(', ')}`;
    return issue.keys.includes('request')
      ? `${known}. Nothing is read from this answer, so they stand here themselves`
      : known;
  },
});

/** Rows of an answer, page after page. */
const listing = {
  request,
  rows: paths,
  next: path.optional().describe('what the next page is asked with, as {{next}}; no more pages when it is absent'),
  pageSize: z
    .int()
    .positive()
    .optional()
    .describe('a full page means that there may be another, asked with {{offset}}'),
  whole: object({
    id: path.describe('of a row'),
    atOnce: z.int().positive().max(1_000).default(100),
    request: request.describe('for several of them: {{hits}} are their ids'),
    rows: paths,
  })
    .optional()
    .describe('when the rows hold only ids, and several can be read at once'),
};

const step = {
  kind,
  ...listing,
  where: conditions.describe('compared here again: filters of CRMs often mean “contains”'),
  details: object({ only: conditions, request, row: path.default('$') })
    .optional()
    .describe('the whole record, when a row holds only its id'),
  exact: z
    .boolean()
    .default(false)
    .describe('the CRM compares whole values by itself, so that a row of its answer need not be compared here'),
  absentOn: z.array(z.int()).default([]).describe('statuses that mean “nobody”'),
  follow: z.boolean().default(false).describe('a found record may have become another one'),
};

const format = z.enum(['plain', 'html', 'markdown', 'bbcode']);

const recordOf = object({
  name: z.string().describe('what the CRM calls it, as {{record.name}}'),
  constants: z
    .record(
      z.string().regex(/^[a-zA-Z]\w*$/),
      z.union([z.string(), z.number()], { error: expected('a text or a number') }),
    )
    .default({})
    .describe('what else differs between leads and contacts, as {{constants.NAME}}'),
  fields: object({
    id: path,
    email: path.optional(),
    phone: path.optional(),
    name: paths.optional().describe('shown to whoever chooses among several; of several paths the parts of one name'),
    created: path.optional().describe('of several the oldest is taken'),
  }),
  read: object({
    request,
    row: path.default('$'),
    gone: z.array(condition).default([]).describe('an answer that means “no such record”'),
    moved: object({
      when: z.array(condition).min(1),
      kind,
      id: template.optional(),
      email: template.optional().describe('finds what it became by its e-mail'),
    })
      .refine(({ id, email }) => (id === undefined) !== (email === undefined), 'needs either id or email')
      .optional(),
  }),
  notes: object({
    list: object({
      ...listing,
      where: conditions,
      id: path,
      text: path,
      at: path.optional(),
      lookOn: z.array(z.int()).default([]).describe('as for add'),
      lookWhenEmpty: z
        .boolean()
        .default(false)
        .describe('the CRM lists nothing for a record that is gone: it is looked at'),
    }),
    add: object({
      request,
      id: path.optional().describe('the new note’s id in the answer'),
      rows: path.optional().describe('all notes in the answer: the marker says which is new'),
      lookOn: z.array(z.int()).default([]).describe('statuses that may mean that the record is gone: it is looked at'),
      lookFirst: z
        .boolean()
        .default(false)
        .describe('the CRM takes notes for a record that is gone: it is looked at before'),
    }).refine(({ id, rows }) => id === undefined || rows === undefined, 'needs id or rows, not both'),
    edit: request,
    remove: request,
  }),
  open: template.optional().describe('address of the record’s page'),
});

const setting = object({
  label: z.string(),
  secret: z.boolean().default(false),
  optional: z.boolean().default(false),
  url: z.boolean().default(false),
});

const WAYS = ['none', 'header', 'query', 'bearer', 'basic', 'oauth2-client-credentials', 'log-in'];
const ways = [
  object({ type: z.literal('none') }),
  object({ type: z.literal('header'), name: z.string(), value: template }),
  object({ type: z.literal('query'), name: z.string(), value: template }),
  object({ type: z.literal('bearer'), token: template }),
  object({ type: z.literal('basic'), user: template, password: template }),
  object({
    type: z.literal('oauth2-client-credentials'),
    tokenUrl: template,
    clientId: template,
    clientSecret: template,
    scope: z.string().optional(),
    sentAs: z.enum(['body', 'basic']).default('body'),
  }),
  object({
    type: z.literal('log-in'),
    request,
    values: z.record(z.string(), path).describe('kept from the answer, as {{login.NAME}}'),
    headers: z.record(z.string(), template).default({}),
    minutes: z.int().positive().default(30),
  }),
] as const;
const auth = z.discriminatedUnion('type', ways, { error: expected(`one of ${WAYS.join(', ')}`) });

/** What an answer means. The first rule that fits holds; then the general ones. */
const rule = object({
  status: z
    .union([z.int(), z.array(z.int())], { error: expected('a status as 404, or a list of them,') })
    .transform((one) => (Array.isArray(one) ? one : [one]))
    .optional(),
  where: z.array(answerCondition).default([]),
  means: z.enum(['refused-access', 'rate-limited', 'invalid', 'gone', 'taken', 'server-error']),
  say: z.string().max(300).optional().describe('for the administrator; {{match.1}} is what the expression caught'),
  field: z.string().max(300).optional().describe('name of a field that the CRM lacks; {{match.1}} as in say'),
  retryAfterSeconds: z.int().positive().optional(),
  retryAt: path.optional().describe('where the answer says when to try again: seconds since 1970, or an ISO time'),
  done: z.enum(['no', 'unknown']).default('unknown').describe('for server-error: may it have been done?'),
});

/** What is made once and found again by its marker. */
const marked = (what: string) =>
  object({
    find: object({ ...listing, where: conditions, id: path, at: path.optional() }).describe(
      `${what}s with {{${what}.marker}}`,
    ),
    done: object({ ...listing, where: conditions })
      .optional()
      .describe('where the CRM keeps what tells of a done one, when it removes the thing itself'),
    add: object({ request, id: path.optional().describe('else it is found by its marker') }),
    remove: request.describe('for doubles of our own'),
  });

export const mappingSchema = object({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and “-”, e.g. my-crm')
    .describe('name under which a site selects it'),
  name: z.string().min(1).max(60),
  settings: z.record(z.string().regex(/^[a-zA-Z]\w*$/), setting),
  auth,
  headers: z.record(z.string(), template).default({}),
  limits: object({
    note: z.int().min(2_000).describe('characters in one note as the CRM stores it'),
    title: z.int().min(40).default(255),
    subject: z.int().min(100).default(255).describe('of a task, with its marker'),
    rate: object({ requests: z.int().positive(), seconds: z.number().positive() }).optional(),
  }),
  text: object({
    note: format,
    description: format.default('plain'),
    task: format.default('plain'),
  }),
  time: z.enum(['iso', 'unix', 'unix-ms', 'utc']).default('iso'),
  answers: z.array(rule).default([]),
  check: z.array(object({ request, rows: paths.optional(), say: z.string().optional() })).min(1),
  prepare: z
    .array(
      object({
        what: z.string(),
        ...listing,
        where: conditions,
        add: request,
        keep: z
          .record(z.string().regex(/^[a-zA-Z]\w*$/), path)
          .default({})
          .describe('of the row that fits, as {{prepared.NAME}}: names that the CRM makes up itself'),
      }),
    )
    .default([])
    .describe('what leads of ours need, added once'),
  records: object({ lead: recordOf, contact: recordOf }),
  find: z.array(object({ by: z.enum(['externalId', 'email', 'phone']), ...step })).min(1),
  findOwn: z.array(object(step)).min(1).describe('our lead of a visitor, by {{visitorKey}}'),
  create: object({
    request,
    id: path,
    duplicate: object({
      rows: paths.describe('the existing records in the answer that means “taken”'),
      where: z.array(condition).min(1).describe('is it the same person?'),
      force: request.describe('for somebody else'),
    }).optional(),
  }),
  update: request,
  fieldsIn: paths
    .optional()
    .describe('where in the bodies of create and update the site’s own fields go: the first that is there'),
  makeField: request.optional().describe('makes {{field}}, which a site fills and the CRM lacks: of leads, as text'),
  task: marked('task').optional(),
  deal: marked('deal').optional(),
});

export type Mapping = z.output<typeof mappingSchema>;
export type Request = z.output<typeof request>;
export type Condition = z.output<typeof answerCondition>;
export type Rule = z.output<typeof rule>;
export type RecordMapping = z.output<typeof recordOf>;
export type Marked = z.output<ReturnType<typeof marked>>;
export type FindStep = z.output<z.ZodObject<typeof step>> & { by?: 'externalId' | 'email' | 'phone' };
export type Listing = Pick<FindStep, 'request' | 'rows' | 'next' | 'pageSize' | 'whole'>;
