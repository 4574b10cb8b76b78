// For tests: `node --import deploy/faults/hurry.mjs`. After SIGUSR2 a record that failed is tried again at once instead of after seconds and minutes, so that
// its twenty tries are over while somebody looks.
import { alter } from '../chaos/alter.mjs';

process.on('SIGUSR2', () => {
  process.env['HURRIES'] = '1';
});
alter(
  /\/libs\/bus\/src\/outcome\.ts$/,
  'const ceiling = ',
  "if (process.env['HURRIES']) return 20;\n  const ceiling = ",
);
