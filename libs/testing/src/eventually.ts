// Waiting for a state instead of sleeping: a test says what must become true.

/** Runs `assertion` until it stops throwing. @throws its last error after `withinMs` (patience with a slow machine, not a measurement) */
export async function eventually<T>(assertion: () => T | Promise<T>, { withinMs = 60_000 } = {}): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (let wait = 5; ; wait = Math.min(wait * 1.5, 250)) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
