// What a gateway is told where all people of a measurement sit behind one address, and hurry.
export const LIFTED_LIMITS = Object.fromEntries(
  [
    'SOCKETS_PER_ADDRESS',
    'CONNECTS_PER_ADDRESS',
    'FRAMES_PER_SOCKET',
    'COMMANDS_PER_VISITOR',
    'COMMANDS_PER_ADDRESS',
    'STARTS_PER_VISITOR',
    'STARTS_PER_ADDRESS',
    'STARTS_PER_SITE',
    'LOGINS_PER_ADDRESS',
    'LOGINS_PER_ACCOUNT',
  ].map((name) => [`CONTINUO_LIMIT_${name}`, '1000000000']),
);
