// The emoji that people use most, in groups; whoever wants another one has it on his keyboard. Drawn by the system's own font. None that needs a joiner or a
// skin tone, so that each is one sign with what may follow it.
const GROUPS = [
  '😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😚😋😛😜🤪🤗🤭🤫🤔😐😑😶😏🙄😬😌😔😪😴😷🤒🤢🥵🥶😵🤯🥳😎🤓🧐😕😟🙁😮😲😳🥺😢😭😱😖😞😩😤😡🤬',
  '👍👎👌✌️🤞🤟🤘🤙👈👉👆👇👋✋👏🙌🙏🤝💪✍️👀🤷🤦🙋🙇💁🙅🙆🏃🚶👶👧👦👩👨',
  '❤️🧡💛💚💙💜🖤🤍🤎💔💕💓💗💖💘💝💋💌',
  '🐶🐱🐭🐰🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🦉🐝🦋🐢🐬🌸🌹🌻🌷🌱🌲🍀🍁☀️⛅🌧️❄️⛄🌈🌊🌙⭐',
  '🍎🍊🍋🍌🍉🍇🍓🍒🍑🥑🍅🥕🍞🧀🥚🍔🍟🍕🌮🍣🍜🍦🍩🍪🎂🍰🍫☕🍵🍺🍷🥂',
  '🎉🎊🎁🎈🏆⚽🏀🎾🎮🎵🎤🎬📷🚗🚌🚲✈️🚀🏠🏢⏰📱💻📦📅📎✏️📌🔍🔑🔒💡💰💳🛒📞✉️🔧',
  '✅❌❗❓⚠️🚫➕➖✔️🔴🟢🟡🔵⬆️⬇️➡️⬅️🔔💤💬♻️🆗🔥✨💯💥',
];
/** One sign, and what makes a picture of it. */
const ONE = /\p{Extended_Pictographic}\uFE0F?/gu;

export const EMOJI: readonly (readonly string[])[] = GROUPS.map((group) => group.match(ONE) ?? []);
