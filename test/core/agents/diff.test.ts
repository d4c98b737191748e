import { diffBundles } from '../../../core/agents';
import { agency, priceList } from './support';

test('alike bundles have no differences', () => expect(diffBundles(agency(), agency())).toEqual([]));

test('names changed fields by path with both values', () => {
	expect(diffBundles(agency(), agency({ tone: 'formal', limits: { maxMessages: 1 } }))).toEqual([
		{ path: 'limits.maxMessages', before: '2', after: '1', kind: 'changed' },
		{ path: 'tone', before: expect.stringContaining('cordial'), after: 'formal', kind: 'changed' },
	]);
});

test('tells added from removed', () => {
	const address = agency();
	const withPhone = agency();
	withPhone.spec.business.phone = '(11) 3456-7890';
	expect(diffBundles(address, withPhone)).toEqual([
		{ path: 'business.phone', before: null, after: '(11) 3456-7890', kind: 'added' },
	]);
	expect(diffBundles(withPhone, address)).toEqual([
		{ path: 'business.phone', before: '(11) 3456-7890', after: null, kind: 'removed' },
	]);
});

test('compares documents by title, not by place', () => {
	const faq = { title: 'FAQ', content: 'x' };
	expect(diffBundles(agency({ documents: [priceList, faq] }), agency({ documents: [faq, priceList] }))).toEqual([]);
	expect(
		diffBundles(agency({ documents: [priceList] }), agency({ documents: [{ ...priceList, content: 'novo' }, faq] })),
	).toMatchObject([
		{ path: 'documents["FAQ"]', kind: 'added' },
		{ path: 'documents["Planos e preços"]', kind: 'changed', after: expect.stringContaining('4 characters') },
	]);
});

test('cuts long texts and says how long they were', () => {
	const [change] = diffBundles(agency(), agency({ tone: 'x'.repeat(400) }));
	expect(change.after).toBe(`${'x'.repeat(160)}… (400 characters)`);
});
