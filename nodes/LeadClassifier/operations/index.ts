import type { Resource } from '../../shared/resource';
import { knownContact } from './known-contact';
import { persona } from './persona';
import { settings } from './settings';
import { text } from './text';
import { turn } from './turn';

/** In the order of the Resource list: alphabetical. */
export const RESOURCES: readonly Resource[] = [knownContact, persona, settings, text, turn];
