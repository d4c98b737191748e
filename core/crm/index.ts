export * from './connect';
export * from './board';
export * from './connectors';
