// The process of email-fallback.
import { runService } from '@continuo/runtime';
import { config } from './config.ts';
import { start } from './service.ts';

await runService('email-fallback', config, start);
