// What a source file loads, by whatever way: `from '…'`, a bare `import '…'`, `import(…)`, `require(…)`. For tests that judge who may load what.

/** A name that is not written down as a string comes as it stands in the brackets, so that it is on nobody's list. */
export const importsOf = (source: string): string[] =>
  [...source.matchAll(LOADS)].map(([, , name, given = '']) => name ?? LITERAL.exec(given)?.[2] ?? `(${given.trim()})`);

const LOADS = /\b(?:from|import)\s*(['"])(.+?)\1|\b(?:import|require|createRequire|getBuiltinModule)\s*\(([^)]*)/g;
const LITERAL = /^\s*(['"])([^'"]+)\1\s*(?:,|$)/;
