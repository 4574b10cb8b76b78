// What a process tells Prometheus.

/** @param series as it stands there, e.g. `continuo_append_conflicts_total{stream="DESK"}`. @returns undefined while nothing is told of it */
export async function figure(port: number, series: string): Promise<number | undefined> {
  const told = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = told.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}
