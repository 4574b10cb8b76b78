// Two soft notes, made on the spot: no file is fetched. Nothing is tried before the visitor has touched the chat, since browsers forbid it and say so in the page's console.
const NOTES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.12 },
];
const LASTS = 0.5;
const LOUDEST = 0.08;

/** A browser that lets a page sound begins at once. */
const BEGINS_WITHIN_MS = 500;

/** @returns whether it can be heard */
export async function chime(): Promise<boolean> {
  if (!navigator.userActivation?.hasBeenActive) return false;
  const audio = new AudioContext();
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, BEGINS_WITHIN_MS))]);
  if (audio.state !== 'running') {
    void audio.close();
    return false;
  }
  for (const { hertz, at } of NOTES) {
    const tone = new OscillatorNode(audio, { frequency: hertz });
    const volume = new GainNode(audio, { gain: 0 });
    const begin = audio.currentTime + at;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(LOUDEST, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + LASTS);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + LASTS);
    tone.onended = () => {
      if (at > 0) void audio.close();
    };
  }
  return true;
}
