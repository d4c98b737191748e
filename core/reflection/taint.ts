declare const origin: unique symbol;

/** Who wrote a text. Only what the tenant or the product wrote may instruct a model. */
export type Origin = 'customer' | 'seller' | 'tenant_config' | 'system';

/** A text that remembers who wrote it; the mark is gone at run time. */
export type TextOf<O extends Origin> = string & { readonly [origin]: O };
export type CustomerText = TextOf<'customer'>;
export type SellerText = TextOf<'seller'>;
export type TenantText = TextOf<'tenant_config'>;
export type SystemText = TextOf<'system'>;

export const customerText = (text: string): CustomerText => text as CustomerText;
export const sellerText = (text: string): SellerText => text as SellerText;
export const tenantText = (text: string): TenantText => text as TenantText;
export const systemText = (text: string): SystemText => text as SystemText;

/** What may instruct: a customer's or a seller's text does not compile here. */
export type Instruction = SystemText | TenantText;

/** The system prompt of a call, in blocks that a provider may cache. */
export const instructions = (...blocks: Instruction[]): Array<{ text: string; cache: boolean }> =>
	blocks.filter((text) => text !== '').map((text) => ({ text, cache: true }));
