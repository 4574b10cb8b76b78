// Links to files, asked for with the agent's session.
import { openLinks } from '../../../widget/src/files/links.ts';

export const linksOf = openLinks((file) => fetch(`/api/files/${file}`));
