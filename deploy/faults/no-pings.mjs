// For tests: `node --import deploy/faults/no-pings.mjs`. The connection to NATS stands while its server says nothing, so whoever notices has noticed by other means.
import { alter } from '../chaos/alter.mjs';

alter(/\/libs\/bus\/src\/connect\.ts$/, 'pingInterval: 10_000', 'pingInterval: 3_600_000');
