import { chooseModels } from '../../sandbox/models';

const standIn = 'http://127.0.0.1:5682';

describe('the model of the sandbox', () => {
	it('is the stand-in, and says that it is scripted, without a key', () => {
		const models = chooseModels(standIn, {});
		expect(models.llm).toEqual({ provider: 'anthropic', baseUrl: standIn, scripted: true });
		expect(models.openAi.url).toBe(`${standIn}/v1`);
		expect(models.label).toMatch(/script/);
	});

	it.each([
		[{ ANTHROPIC_API_KEY: 'real' }, 'anthropic', 'https://api.anthropic.com'],
		[{ OPENAI_API_KEY: 'real' }, 'openai', 'https://api.openai.com/v1'],
		[{ OPENAI_API_KEY: 'real', OPENAI_BASE_URL: 'http://proxy/v1' }, 'openai', 'http://proxy/v1'],
		[{ ANTHROPIC_API_KEY: 'real', OPENAI_API_KEY: 'real' }, 'anthropic', 'https://api.anthropic.com'],
	])('follows %j', (environment, provider, baseUrl) => {
		expect(chooseModels(standIn, environment).llm).toEqual({ provider, baseUrl, scripted: false });
	});

	it('never sends a real key to the stand-in, nor the stand-in key to a real service', () => {
		const { anthropic, openAi } = chooseModels(standIn, { ANTHROPIC_API_KEY: 'real' });
		expect(anthropic).toEqual({ apiKey: 'real', url: 'https://api.anthropic.com' });
		expect(openAi.apiKey).not.toBe('real');
		expect(openAi.url).toContain(standIn);
	});
});
