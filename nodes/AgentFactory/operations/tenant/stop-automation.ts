import { showFor, type Operation } from '../../../shared';
import { automationFields, switchAutomation } from '../../automation';

export const description: Operation['description'] = showFor(
	{ resource: ['tenant'], operation: ['stopAutomation'] },
	automationFields,
);

export const execute: Operation['execute'] = async (call) => await switchAutomation(call, true);
