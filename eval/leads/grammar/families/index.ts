import { COLD } from './cold';
import { DISQUALIFIED } from './disqualified';
import { HOT } from './hot';
import { PERSONAL } from './personal';
import { SPAM } from './spam';
import { WARM } from './warm';
import type { Family } from '../types';

export const FAMILIES: readonly Family[] = [...HOT, ...WARM, ...COLD, ...PERSONAL, ...SPAM, ...DISQUALIFIED];
