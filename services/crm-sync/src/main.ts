// The process of crm-sync.
import { runService } from '@continuo/runtime';
import { config } from './config.ts';
import { start } from './service.ts';

await runService('crm-sync', config, start);
