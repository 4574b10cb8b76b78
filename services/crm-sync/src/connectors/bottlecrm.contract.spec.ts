import { bottlecrm } from './bottlecrm.ts';
import { bottlecrmFixture } from './bottlecrm-fixture.ts';
import { contract } from './contract.ts';

contract(bottlecrm, bottlecrmFixture);
