// Configuration of the conversation service.
import { busConfig, httpConfig, storeConfig } from '@continuo/runtime';

export const config = { ...busConfig, ...storeConfig, ...httpConfig };
