// Why a file was not taken, in all languages. Fetched with the first one that was not.
import type { Client } from '../../client.ts';

interface RefusedWords {
  /** `most` in megabytes. */
  tooBig(name: string, most: number): string;
  empty: string;
  type: string;
  quota: string;
  gone: string;
}
const WORDS: Record<string, RefusedWords> = {
  en: {
    tooBig: (name, most) => `${name} is larger than ${most} MB. Send a link instead?`,
    empty: 'This file is empty.',
    type: 'Files of this kind are not taken.',
    quota: 'That was too much for one day.',
    gone: 'The file is not on this device any more.',
  },
  ru: {
    tooBig: (name, most) => `${name} больше ${most} МБ. Пришлите ссылку?`,
    empty: 'Этот файл пуст.',
    type: 'Файлы такого вида не принимаются.',
    quota: 'На сегодня это слишком много.',
    gone: 'Файла больше нет на этом устройстве.',
  },
  hy: {
    tooBig: (name, most) => `${name}-ը մեծ է ${most} ՄԲ-ից։ Հղո՞ւմ կուղարկեք։`,
    empty: 'Ֆայլը դատարկ է։',
    type: 'Այս տեսակի ֆայլեր չեն ընդունվում։',
    quota: 'Մեկ օրվա համար սա շատ է։',
    gone: 'Ֆայլն այլևս այս սարքում չէ։',
  },
  de: {
    tooBig: (name, most) => `${name} ist größer als ${most} MB. Lieber einen Link senden?`,
    empty: 'Diese Datei ist leer.',
    type: 'Dateien dieser Art werden nicht angenommen.',
    quota: 'Das war zu viel für einen Tag.',
    gone: 'Die Datei ist nicht mehr auf diesem Gerät.',
  },
  fr: {
    tooBig: (name, most) => `${name} dépasse ${most} Mo. Envoyer plutôt un lien ?`,
    empty: 'Ce fichier est vide.',
    type: 'Ce type de fichier n’est pas accepté.',
    quota: 'C’est trop pour une journée.',
    gone: 'Le fichier n’est plus sur cet appareil.',
  },
  es: {
    tooBig: (name, most) => `${name} supera los ${most} MB. ¿Enviar un enlace?`,
    empty: 'Este archivo está vacío.',
    type: 'No se aceptan archivos de este tipo.',
    quota: 'Es demasiado para un día.',
    gone: 'El archivo ya no está en este dispositivo.',
  },
  pt: {
    tooBig: (name, most) => `${name} tem mais de ${most} MB. Enviar um link?`,
    empty: 'Este arquivo está vazio.',
    type: 'Arquivos deste tipo não são aceitos.',
    quota: 'Isso foi demais para um dia.',
    gone: 'O arquivo não está mais neste dispositivo.',
  },
  tr: {
    tooBig: (name, most) => `${name} ${most} MB’tan büyük. Bağlantı gönderir misiniz?`,
    empty: 'Bu dosya boş.',
    type: 'Bu tür dosyalar kabul edilmiyor.',
    quota: 'Bir gün için bu kadarı çok.',
    gone: 'Dosya artık bu cihazda değil.',
  },
  zh: {
    tooBig: (name, most) => `${name} 超过 ${most} MB。改为发送链接？`,
    empty: '此文件是空的。',
    type: '不接受此类文件。',
    quota: '今天发送得太多了。',
    gone: '该文件已不在此设备上。',
  },
  ar: {
    tooBig: (name, most) => `${name} أكبر من ${most} م.ب. هل ترسل رابطًا؟`,
    empty: 'هذا الملف فارغ.',
    type: 'لا تُقبل ملفات من هذا النوع.',
    quota: 'هذا كثير ليوم واحد.',
    gone: 'لم يعد الملف على هذا الجهاز.',
  },
};

/** @returns nothing for what may be taken the next time */
export function reasonIn(
  language: string,
  refusal: string,
  name: string,
  client: Pick<Client, 'state'>,
): string | undefined {
  const { tooBig, ...words } = WORDS[language] ?? (WORDS['en'] as RefusedWords);
  return refusal === 'too-big'
    ? tooBig(name, (client.state().known.site?.fileBytes ?? 0) / 1e6)
    : words[refusal as keyof typeof words];
}
