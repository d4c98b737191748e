import type { Resource } from '../../../shared/resource';
import * as closeBreaker from './close-breaker';
import * as getPrices from './get-prices';
import * as getSettings from './get-settings';
import * as getUsage from './get-usage';
import * as importPrices from './import-prices';
import * as saveSettings from './save-settings';
import * as setTypingSpeed from './set-typing-speed';

export const sending: Resource = {
	name: 'Sending',
	value: 'sending',
	default: 'getUsage',
	operations: [
		{
			name: 'Close Breaker',
			value: 'closeBreaker',
			action: 'Let messages that we start go on',
			description: 'After far more messages than usual left in a day, nothing more is started until a person says so',
			run: closeBreaker,
		},
		{
			name: 'Get Prices',
			value: 'getPrices',
			action: 'Get the message prices of a tenant',
			description: 'What a message costs by country and category, and where the price is from',
			run: getPrices,
		},
		{
			name: 'Get Settings',
			value: 'getSettings',
			action: 'Get the sending limits of a tenant',
			description: 'The limits of what is started without being asked, and whether it is stopped',
			run: getSettings,
		},
		{
			name: 'Get Usage',
			value: 'getUsage',
			action: 'Get what messages cost',
			description: 'Messages and their cost by month, number and category; how many are of unknown cost',
			run: getUsage,
		},
		{
			name: 'Import Prices',
			value: 'importPrices',
			action: 'Import message prices',
			description: 'Write a price list, one line an item; all lines or none',
			run: importPrices,
		},
		{
			name: 'Save Settings',
			value: 'saveSettings',
			action: 'Save the sending limits of a tenant',
			description: 'Cap of spending a month, marketing messages a person, when the breaker opens',
			run: saveSettings,
		},
		{
			name: 'Set Typing Speed',
			value: 'setTypingSpeed',
			action: 'Set how fast the agent types',
			description: 'Show that the message was read and that somebody types, and wait for the length of the reply',
			run: setTypingSpeed,
		},
	],
};
