import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bottlecrmFixture } from '../bottlecrm-fixture.ts';
import { contract } from '../contract.ts';
import { parseMapping } from './load.ts';
import { restMapping } from './rest-mapping.ts';
import { SHIPPED } from './shipped.ts';

contract(restMapping(parseMapping(readFileSync(join(SHIPPED, 'bottlecrm.yaml'), 'utf8'))), bottlecrmFixture);
