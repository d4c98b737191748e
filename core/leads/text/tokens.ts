/**
 * What is worth a token of its own rather than its letters, and what a text must hold for it. Each is linear: no part that repeats can
 * match what follows it.
 */
const TOKENS: ReadonlyArray<readonly [needs: RegExp, pattern: RegExp, token: string]> = [
	[/\/\/|www/u, /(?:https?:\/\/|www\.)[^\s<>]+/gu, '_url'],
	[/@/u, /\b[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z]{2,12}){1,3}\b/gu, '_email'],
	[
		/\./u,
		/\b(?:bit\.ly|t\.me|wa\.me|goo\.gl|tinyurl\.com|cutt\.ly|linktr\.ee|chat\.whatsapp\.com|encurtador\.com\.br)\/?[^\s]*/gu,
		'_url',
	],
	[
		/\./u,
		/\b[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40}){0,3}\.(?:com|net|org|br|top|site|online|xyz|shop|vip|link|app|club|bet|example|store|info)(?:\/[^\s]*)?(?![a-z])/gu,
		'_url',
	],
	[/@/u, /(^|\s)@[a-z0-9._]{2,40}/gu, '$1_user'],
	[/\d/u, /(?:r\$|us\$|u\$|\$|€|usd)\s?\d[\d.,]{0,14}(?:\s?(?:mil|milhao|milhoes|k|mi|million)\b)?/gu, '_money'],
	[
		/\d/u,
		/\b\d[\d.,]{0,14}\s?(?:mil\s)?(?:reais|real|conto|contos|pila|dolares|usd|dollars|euros|pesos)\b/gu,
		'_money',
	],
	[/reais|contos/u, /\b(?:mil|cem|duzentos|trezentos|quinhentos)\s(?:reais|contos)\b/gu, '_money'],
	[/\d/u, /\b0800[\s-]?\d{3}[\s-]?\d{4}\b/gu, '_phone'],
	[/\d/u, /(?:\+?55[\s-]?)?\(?\b\d{2}\)?[\s-]?9[\s-]?\d{4}[\s-]?\d{4}\b/gu, '_phone'],
	[/\d/u, /\b\d{4,5}-\d{4}\b/gu, '_phone'],
	[/\d/u, /\b\d{1,3}(?:[.,]\d{1,2})?\s?%/gu, '_percent'],
	[/\d/u, /\b\d{1,2}(?:h\d{0,2}|:\d{2}|\s?hrs?|\s?horas|\s?am|\s?pm)\b/gu, '_time'],
	[/\d/u, /\b\d{1,2}\sda\s(?:manha|tarde|noite)\b/gu, '_time'],
	[/\d/u, /\b(?:[6-9]|1[0-5])\s(?=anos\b|years\b)/gu, '_minor'],
	[/\d/u, /\b\d{1,3}x\b/gu, '_times'],
	[/\d/u, /\b\d{1,2}\/\d{1,2}(?:\/\d{2,4})?\b/gu, '_date'],
	[/\d/u, /\b\d[\d.,]{0,14}k\b/gu, '_num'],
	[/\d/u, /(?<![a-z\d])\d[\d.,]{0,14}(?![a-z\d])/gu, '_num'],
];

export const withTokens = (text: string): string =>
	TOKENS.reduce(
		(line, [needs, pattern, token]) =>
			needs.test(line) ? line.replace(pattern, token.startsWith('$') ? token : ` ${token} `) : line,
		text,
	);

const EMOJI: ReadonlyMap<string, string> = new Map(
	Object.entries({
		_heart: '❤ 🧡 💛 💚 💙 💜 🖤 💕 💖 💗 💘 💞 😍 🥰 😘 💋',
		_fire: '🔥 🚀 💥 ⚡',
		_money_emoji: '💰 💵 💸 🤑 💳 💲 🪙',
		_alert: '🚨 ⚠ ‼ ❗ 📢 📣 🛑',
		_prize: '🎁 🎉 🏆 🥳 🎰 🎲',
		_point: '👉 👇 👆 ➡ ⬇ 🔗 ✅ ☎ 📲 📞',
		_clap: '👏 🙌 👍 💪 ✨ 🤩',
		_pray: '🙏',
		_adult: '🍑 🍆 🔞 💦 😈',
		_laugh: '😂 🤣 😅 😆 😁',
	}).flatMap(([token, list]) => list.split(' ').map((emoji) => [emoji, token] as const)),
);

/** An emoji as a short word; those without a meaning for a business are all the same word. */
export const withEmojiTokens = (text: string): string =>
	text.replace(/(?![\d#*])\p{Extended_Pictographic}/gu, (emoji) => ` ${EMOJI.get(emoji) ?? '_emoji'} `);
