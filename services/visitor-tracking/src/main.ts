// The process of visitor-tracking.
import { runService } from '@continuo/runtime';
import { config } from './config.ts';
import { start } from './service.ts';

await runService('visitor-tracking', config, start);
