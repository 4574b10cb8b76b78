// The dialog that changes a connection belongs to the page and not to the connection: when that goes meanwhile, the dialog is still there to say so.
import { createContext, useContext } from 'react';

export type EditStep = 'name' | 'signIn' | 'remove';
export interface Editing {
  connection: string;
  name: string;
  /** Where it begins. */
  first: EditStep;
}

export const OpenEditing = createContext<(editing: Editing) => void>(() => {});

export const useOpenEditing = (): ((editing: Editing) => void) => useContext(OpenEditing);
