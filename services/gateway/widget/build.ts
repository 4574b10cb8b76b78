// Builds the widget into dist, in three bundles that share no file, because each lives by another rule:
//   assets/*      panel, languages and what understands a page's own words, named by their content, cached for ever, fetched when wanted;
//   frame.html    one document with its script inside (allowed by its hash alone), so that an idle page costs one request;
//   widget.js     the loader, a classic script.
// Beside them npm/*, the package for pages that are built from modules, ready for `npm pack`: its code, its types and a package.json that depends on nothing.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type InlineConfig, type Plugin, type Rollup } from 'vite';
import { locales } from './src/locales/index.ts';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const DIST = join(ROOT, 'dist');
const LANGUAGES = Object.keys(locales);
/** All languages change their names together: then the frame, which every page view pays for, needs one name and not ten. */
const WORDS = await hashOf(LANGUAGES.map((language) => `locales/${language}.ts`));
/** The oldest browsers: those that know `color-mix`, cascade of `:host` and adopted style sheets. */
const CSS_TARGET = ['chrome123', 'firefox121', 'safari17.5'];

export async function buildWidget(): Promise<void> {
  await rm(DIST, { recursive: true, force: true });
  const assets = await bundle({
    // Files name each other by where they lie themselves.
    base: './',
    plugins: [broughtImports],
    worker: { rollupOptions: { output: { entryFileNames: 'assets/[name]-[hash].js' } } },
    build: {
      rollupOptions: {
        input: {
          panel: source('panel/mount.tsx'),
          'page-call': source('page-call.ts'),
          'http-wire': source('http-wire.ts'),
          uploads: source('files/uploads.ts'),
          ...Object.fromEntries(LANGUAGES.map((language) => [language, source(`locales/${language}.ts`)])),
        },
        // Entries keep what they export, since the frame imports them by their address; they may export more, for what is fetched after them.
        preserveEntrySignatures: 'allow-extension',
        output: {
          format: 'es',
          entryFileNames: ({ name }) => `assets/[name]-${LANGUAGES.includes(name) ? WORDS : '[hash]'}.js`,
          chunkFileNames: 'assets/[name]-[hash].js',
        },
      },
    },
  });
  const [torn] = assets.filter(({ isEntry, imports }) => isEntry && imports.length > 0);
  if (torn)
    throw new Error(
      `${torn.fileName} imports ${torn.imports}: the frame can try again for one file, not for what it imports`,
    );
  const fileOf = (name: string) => assets.find((chunk) => chunk.isEntry && chunk.name === name)?.fileName ?? '';
  const [frame] = await bundle({
    define: {
      PANEL_FILE: JSON.stringify(fileOf('panel')),
      UPLOADS_FILE: JSON.stringify(fileOf('uploads')),
      HTTP_WIRE_FILE: JSON.stringify(fileOf('http-wire')),
      PAGE_CALL_FILE: JSON.stringify(fileOf('page-call')),
      LANGUAGES: JSON.stringify(LANGUAGES.join(' ')),
      WORDS: JSON.stringify(WORDS),
    },
    build: { write: false, rollupOptions: { input: source('frame.ts'), output: { format: 'es' } } },
  });
  await writeFile(join(DIST, 'frame.html'), await inlined(frame?.code ?? ''));
  await bundle({
    build: {
      rollupOptions: { input: source('loader.ts'), output: { format: 'iife', entryFileNames: 'widget.js' } },
    },
  });
  await bundle({
    build: {
      rollupOptions: {
        input: source('npm/index.ts'),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', entryFileNames: 'npm/index.js' },
      },
    },
  });
  await declareTypes('npm/index.ts');
  await describePackage();
}

async function describePackage(): Promise<void> {
  const { name, version, license } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const description =
    'Puts the chat of a Continuo gateway on a page that is built from modules, and types what the page may say to it.';
  const exports = { '.': { types: './index.d.ts', default: './index.js' } };
  const described = {
    name,
    version,
    description,
    license,
    type: 'module',
    exports,
    types: './index.d.ts',
    files: ['index.js', 'index.d.ts'],
    sideEffects: false,
  };
  await writeFile(join(DIST, 'npm/package.json'), `${JSON.stringify(described, null, 2)}\n`);
  await copyFile(source('npm/README.md'), join(DIST, 'npm/README.md'));
  await copyFile(join(ROOT, '../../../LICENSE'), join(DIST, 'npm/LICENSE'));
}

/** One file in, one `.d.ts` out: what it declares imports nothing. */
async function declareTypes(name: string): Promise<void> {
  const compiler = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(/package\.json$/, 'bin/tsc');
  const options =
    '--ignoreConfig --declaration --emitDeclarationOnly --target es2022 --module esnext --lib es2022,dom --types'.split(
      ' ',
    );
  await promisify(execFile)(process.execPath, [compiler, ...options, '', '--outDir', join(DIST, 'npm'), source(name)]);
}

/** Of what these files hold; eight letters, as the bundler gives. */
async function hashOf(names: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) hash.update(await readFile(source(name)));
  return hash.digest('base64url').slice(0, 8);
}

function source(name: string): string {
  return join(ROOT, 'src', name);
}

/** Vite wraps each `import()` so that style sheets of its own are fetched beside it. Ours lie inside the code. */
const bareImports: Plugin = {
  name: 'bare-imports',
  enforce: 'pre',
  load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : null),
};
/** Such an import as Vite has wrapped it, also where it takes one name out. */
const WRAPPED =
  /__vitePreload\((?:async )?\(\) => (?:\{\s*const \{[^}]*\} = await )?import\("\.\/([^"]+)"\)(?:;\s*return \{[^}]*\};\s*\})?, __VITE_PRELOAD__, import\.meta\.url\)/g;

/** What is asked for with `import()` in the files that come when they are wanted goes through src/panel/bring.ts, which may be tried again. */
const broughtImports: Plugin = {
  name: 'brought-imports',
  renderChunk(code, { fileName }) {
    const brought = code.replace(WRAPPED, 'bring("assets/$1")');
    if (brought.includes('__vitePreload('))
      throw new Error(`${fileName}: an import() is wrapped in another way than build.ts knows`);
    return { code: brought, map: null };
  },
};

async function bundle(config: InlineConfig): Promise<Rollup.OutputChunk[]> {
  const result = await build({
    ...config,
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [bareImports, config.plugins],
    build: {
      outDir: DIST,
      emptyOutDir: false,
      target: 'es2022',
      cssTarget: CSS_TARGET,
      modulePreload: false,
      ...config.build,
    },
  });
  if (!('output' in result)) throw new Error(`the widget’s build of ${basename(ROOT)} gave no files`);
  return result.output.filter((file): file is Rollup.OutputChunk => file.type === 'chunk');
}

/** The frame's document brings its own policy; who may embed it, only the gateway can say (frame-ancestors is ignored in a document). */
async function inlined(script: string): Promise<string> {
  // A script inside HTML ends at the first closing tag, even within a string.
  const code = script.trim().replaceAll('</script', '<\\/script');
  const hash = createHash('sha256').update(code).digest('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "connect-src 'self'",
    "img-src 'self' https: data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = await readFile(join(ROOT, 'frame.html'), 'utf8');
  return page
    .replace('</head>', () => `  <meta http-equiv="Content-Security-Policy" content="${policy}" />\n  </head>`)
    .replace('</body>', () => `<script type="module">${code}</script></body>`)
    .replace(/>\s+</g, '><');
}
