// A body for each route that takes one, so that nothing but rights, or what a test puts into it, can refuse it.
export const BODIES: Record<string, Record<string, string>> = {
  '/api/login': { email: 'nobody@nordhem.example', password: 'wrong' },
  '/api/logout': {},
  // The body is the file; without its name in a header it is not taken.
  '/api/files': {},
  '/widget/files': {},
  // The body is frames.
  '/widget/line': {},
  '/api/dead-letters/replay': { id: 'none' },
  '/api/dead-letters/discard': { id: 'none' },
};
