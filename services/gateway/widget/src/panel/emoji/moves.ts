// Where an arrow key leads among signs that stand in lines.
export interface Place {
  left: number;
  top: number;
}

/** @param mirrored from right to left @returns nothing for a key that does not move */
export function moved(key: string, at: number, places: readonly Place[], mirrored: boolean): number | undefined {
  const last = places.length - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key === (mirrored ? 'ArrowLeft' : 'ArrowRight')) return Math.min(at + 1, last);
  if (key === (mirrored ? 'ArrowRight' : 'ArrowLeft')) return Math.max(at - 1, 0);
  if (key === 'ArrowDown') return inNextLine(at, places, 1);
  if (key === 'ArrowUp') return inNextLine(at, places, -1);
  return undefined;
}

/** The nearest one of the next line; from the last line nowhere. @param way 1 down, -1 up */
function inNextLine(at: number, places: readonly Place[], way: 1 | -1): number {
  const here = places[at] as Place;
  const ahead = ({ top }: Place) => (top - here.top) * way;
  const line = Math.min(...places.map(ahead).filter((far) => far > 0));
  const aside = (index: number) => Math.abs((places[index] as Place).left - here.left);
  const found = places.flatMap((place, index) => (ahead(place) === line ? [index] : []));
  return found.reduce((best, index) => (aside(index) < aside(best) ? index : best), found[0] ?? at);
}
