import type { AgentLanguage } from '../spec';
import { en } from './en';
import { es } from './es';
import { ptBr } from './pt-br';
import type { PromptTexts } from './types';

export type { PromptTexts } from './types';

export const PROMPT_TEXTS: Record<AgentLanguage, PromptTexts> = { 'pt-BR': ptBr, en, es };
