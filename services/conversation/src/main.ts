// Process of the conversation service.
import { runService } from '@continuo/runtime';
import { config } from './config.ts';
import { start } from './service.ts';

await runService('conversation', config, start);
