/** Takes from an environment what the test run says to its parts, for a command that is run as somebody at a terminal would. */
export const atTerminal = (): Record<string, undefined> =>
  Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith('CONTINUO_TEST_'))
      .map((name) => [name, undefined]),
  );
