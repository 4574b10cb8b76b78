// What an employee puts on his words besides files: a title, a picture, buttons. A button is said by the visitor, or leads to a page.
import { z } from 'zod';

export const MAX_CARD_TITLE = 80;
export const MAX_BUTTONS = 6;
export const MAX_BUTTON_LABEL = 40;

/** Names a host over https and nobody's password; what follows can stand in an attribute and in a line of plain text. */
export const webLink = z
  .string()
  .max(2048)
  .regex(/^https:\/\/[^\s/?#@\\"'<>`]+(?:[/?#][^\s\\"'<>`]*)?$/i, 'an address that begins with https://')
  .refine((link) => URL.canParse(link), 'an address that leads somewhere');

export const cardButton = z.strictObject({
  label: z.string().min(1).max(MAX_BUTTON_LABEL).describe('one line'),
  link: webLink.optional().describe('it opens this page; without it the visitor says the label by it'),
});
export const card = z
  .strictObject({
    title: z.string().min(1).max(MAX_CARD_TITLE).optional().describe('one line'),
    picture: webLink.optional().describe('a picture elsewhere; an own one is a file of the message'),
    buttons: z.array(cardButton).min(1).max(MAX_BUTTONS).optional(),
  })
  .refine(({ title, picture, buttons }) => title ?? picture ?? buttons, 'a card has a title, a picture or buttons');
/** Which button a visitor has answered by: its place, from 1, on the message with this number. */
export const pressedButton = z.strictObject({
  message: z.int().positive().describe('number of the message that has the button'),
  button: z.int().min(1).max(MAX_BUTTONS).describe('its place on it, from 1'),
});

export type CardButton = z.infer<typeof cardButton>;
export type Card = z.infer<typeof card>;
export type PressedButton = z.infer<typeof pressedButton>;
