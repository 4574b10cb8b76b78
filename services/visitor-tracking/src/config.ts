// What visitor-tracking reads from the environment.
import { busConfig, httpConfig, storeConfig } from '@continuo/runtime';
import type { z } from 'zod';

export const config = { ...busConfig, ...storeConfig, ...httpConfig };
export type Config = z.infer<z.ZodObject<typeof config>>;
