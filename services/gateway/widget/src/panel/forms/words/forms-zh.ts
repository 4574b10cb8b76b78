// Chinese words of the forms.
import type { FormTexts } from './forms-en.ts';

export const words: FormTexts = {
  first: '您排在第一位',
  place: (n) => `您排在第 ${n} 位`,
  wait: (time) => `预计等待：${time}`,
  waitUnknown: '目前还无法估计等待时间。',
  kept: '您可以先写：即使离开本页，也不会丢失。',
  back: (when) => `我们将回来：${when}`,
  phone: '电话',
  optional: '选填',
  phoneWrong: '无法拨打这个号码。是否缺少国家代码？',
  when: '什么时候给您打电话？',
  soon: '尽快',
  about: '关于什么',
  toChat: '返回聊天',
  local: (time) => `您的当地时间：${time}`,
};
