import type { Operation } from '../../shared';
import * as act from './act';
import * as createOperatorLink from './create-operator-link';
import * as createPageLink from './create-page-link';
import * as openPage from './open-page';
import * as settleMail from './settle-mail';

export const OPERATIONS: Record<string, Operation> = { act, createOperatorLink, createPageLink, openPage, settleMail };
