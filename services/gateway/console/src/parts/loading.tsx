// While something is asked: nothing for 200 ms, then grey bars in the final places, after five seconds a sentence what we wait for.
import { useEffect, useState } from 'react';

export function Loading({ bars, words }: { bars: number; words: string }) {
  const stage = useStage();
  if (stage === 0) return null;
  return (
    <div className="k-bars" role="status">
      {Array.from({ length: bars }, (_, bar) => bar).map((bar) => (
        <i key={bar} style={{ width: `${88 - ((bar * 23) % 46)}%` }} />
      ))}
      {stage === 2 && <p className="smt q2">{words}</p>}
    </div>
  );
}

function useStage(): 0 | 1 | 2 {
  const [stage, setStage] = useState<0 | 1 | 2>(0);
  useEffect(() => {
    const bars = setTimeout(setStage, 200, 1);
    const words = setTimeout(setStage, 5000, 2);
    return () => {
      clearTimeout(bars);
      clearTimeout(words);
    };
  }, []);
  return stage;
}
