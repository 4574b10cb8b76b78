// Chinese words of a mail.
import type { Words } from '../words.ts';

export const zh: Words = {
  lang: 'zh',
  team: '客服',
  you: '您',
  resume: '继续对话',
  howToAnswer: '请在本对话所在页面的聊天窗口中回复。',
  earlier: '此前的聊天内容',
  why: (address, host) =>
    `您收到这封邮件，是因为您在 ${host} 的聊天中留下了 ${address}，并且当时还没有看到那里的回复。我们不会向该地址发送其他内容。`,
  transcript: (brand) => `您与 ${brand} 的对话`,
  whyTranscript: (address, host) =>
    `您收到这封邮件，是因为有人在 ${host} 的聊天中要求将此对话发送到 ${address}。我们不会因此发送其他内容。`,
  cut: '对话较长：更早的内容请在聊天窗口中查看。',
  ticket: (number) => `对话 № ${number}`,
};
