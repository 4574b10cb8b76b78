// npm run site-key -- SITE_ID: prints the key with which this site's server signs who its visitors are. Reads CONTINUO_TOKEN_KEY, the
// gateway's own; whoever has the printed key can name visitors of this one site, and nothing more.
import { parseId } from '@continuo/contracts/ids';
import { siteKey } from './site-identity.ts';

const [site = ''] = process.argv.slice(2);
const tokenKey = process.env['CONTINUO_TOKEN_KEY'];
if (!tokenKey) {
  process.stderr.write('CONTINUO_TOKEN_KEY is missing: set it to what the gateway has.\n');
  process.exitCode = 1;
} else process.stdout.write(`${siteKey(tokenKey, parseId(site, 'site'))}\n`);
