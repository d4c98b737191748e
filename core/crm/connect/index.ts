export { addressAt, readOAuthApp, saveOAuthApp, type OAuthApp } from './app';
export {
	callService,
	createCallService,
	maybeTaken,
	pause,
	serviceError,
	type CallService,
	type ServiceAnswer,
	type ServiceCall,
} from './http';
export { createConnectLink, finishConnect, type Connected, type ConnectPorts } from './link';
export { connectPage, pageOfError, type ConnectPage, type PageLanguage } from './page';
export { GOOGLE, PIPEDRIVE, type OAuthProvider } from './providers';
export { freshAccessToken, type RenewPorts, type TokenStore } from './renew';
export { askForTokens, type OAuthTokens, type TokenPorts } from './tokens';
