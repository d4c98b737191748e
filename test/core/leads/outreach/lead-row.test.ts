import { readBoolean, readCount, readLeadRow, readUsername } from '../../../../core/leads/outreach/lead-row';

test.each([
	['ana.lima', 'ana.lima'],
	['@Ana.Lima', 'ana.lima'],
	[' @@ana_lima ', 'ana_lima'],
	['https://www.instagram.com/Ana.Lima/?hl=pt-br', 'ana.lima'],
	['instagram.com/ana.lima', 'ana.lima'],
	['http://instagram.com/_u/ana.lima#x', 'ana.lima'],
	['https://instagr.am/ana', 'ana'],
	['https://ig.me/m/ana', 'ana'],
	['a'.repeat(30), 'a'.repeat(30)],
])('%j is the username %j', (given, expected) => expect(readUsername(given)).toBe(expected));

test.each([
	'',
	'@',
	'ana lima',
	'ana-lima',
	'joão',
	'.ana',
	'ana.',
	'ana..lima',
	'a'.repeat(31),
	'https://www.instagram.com/p/Cxyz123/',
	'https://www.instagram.com/reel/Cxyz/',
	'https://example.com/ana',
	'+55 11 99999-0000',
])('%j is no username', (given) => expect(readUsername(given)).toBeNull());

test.each([
	['0', 0],
	['1250', 1250],
	['1.250', 1250],
	['1,250,000', 1_250_000],
	['12 500', 12_500],
	['1.25', null],
	['12k', null],
	['1,2 mil', null],
	['-1', null],
	['1e3', null],
	['99999999999', null],
])('the count %j is %j', (given, expected) => expect(readCount(given)).toBe(expected));

test.each([
	['Sim', true],
	['NÃO', false],
	['yes', true],
	['false', false],
	['1', true],
	['talvez', null],
])('the answer %j is %j', (given, expected) => expect(readBoolean(given)).toBe(expected));

test('headings are understood in Portuguese and English, in any case, with a byte order mark', () => {
	expect(
		readLeadRow({
			'\uFEFFNome de Usuário': '@Ana.Lima',
			'Nome completo': 'Ana Lima',
			Biografia: 'Nutricionista em BH',
			Seguidores: '12.500',
			Seguindo: 300,
			Privada: 'não',
			verificado: true,
			Etiquetas: 'Nutrição; BH, bh',
			Origem: 'post_comment',
			'outra coluna': 'x',
		}),
	).toEqual({
		lead: {
			username: 'ana.lima',
			fullName: 'Ana Lima',
			bio: 'Nutricionista em BH',
			followersCount: 12_500,
			followingCount: 300,
			isPrivate: false,
			isVerified: true,
			profileUrl: null,
			source: 'post_comment',
			tags: ['nutrição', 'bh'],
		},
	});
});

test('a profile link alone names the lead, and empty cells say nothing', () => {
	expect(readLeadRow({ profile_url: 'https://instagram.com/leo', followers_count: '', bio: '  ' })).toMatchObject({
		lead: { username: 'leo', followersCount: null, bio: null, profileUrl: 'https://instagram.com/leo' },
	});
});

test('everything that is wrong with a row is named at once', () => {
	const read = readLeadRow({ username: 'ana lima', followers: '12k', is_private: 'talvez', name: 'x'.repeat(256) });
	expect(read).toEqual({
		username: null,
		reasons: [
			'username is not one of Instagram: letters, digits, dots and underscores, at most 30',
			'fullName has more than 255 characters',
			'followersCount is not a whole number, e.g. 1250',
			'isPrivate is not yes or no',
		],
	});
	expect(readLeadRow({})).toEqual({ username: null, reasons: ['username is missing'] });
});

test('what Postgres cannot store is left out of a cell', () => {
	expect(readLeadRow({ username: 'ana', bio: 'oi\0 \ud83d tudo' })).toMatchObject({ lead: { bio: 'oi  tudo' } });
});
