import { customerText, instructions, sellerText, systemText, tenantText } from '../../../core/reflection';

test('only what the product or the tenant wrote compiles as an instruction', () => {
	expect(instructions(systemText('a'), tenantText('b'))).toHaveLength(2);
	// @ts-expect-error a customer instructs nobody
	instructions(customerText('a'));
	// @ts-expect-error neither does a seller
	instructions(sellerText('a'));
	// @ts-expect-error nor does a text of unknown origin
	instructions('a');
	// @ts-expect-error text put together loses its origin
	instructions(`${systemText('a')}${customerText('b')}`);
});
