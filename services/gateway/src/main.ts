// The process of the gateway.
import { runService } from '@continuo/runtime';
import { config } from './config.ts';
import { start } from './service.ts';

await runService('gateway', config, start);
