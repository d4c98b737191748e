import { findLinks, isAllowedLink, linkHost } from './text/links';
import { pass, type CheckFactory } from './types';

/** A link that nobody allowed: invented pages, shorteners, strangers' WhatsApp links. */
export const createUnlistedLinkCheck: CheckFactory =
	(policy) =>
	({ text }) => {
		const links = findLinks(text);
		const unlisted = links.filter((link) => !isAllowedLink(link, policy.allowedLinks));
		return unlisted.length === 0
			? pass('Every link is allowed.', { links: links.length })
			: {
					fired: true,
					action: 'block',
					reason: 'The reply holds a link outside the allow list.',
					details: { hosts: [...new Set(unlisted.map(linkHost))] },
				};
	};
