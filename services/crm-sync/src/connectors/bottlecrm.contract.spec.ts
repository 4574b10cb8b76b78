import { bottlecrm } from './bottlecrm.ts';
import { bottlecrmDeals, bottlecrmFixture, bottlecrmTasks } from './bottlecrm-fixture.ts';
import { contract } from './contract.ts';

contract(bottlecrm, { ...bottlecrmFixture, tasks: bottlecrmTasks, deals: bottlecrmDeals });
