export * from './connect';
export * from './board';
export * from './connectors';
export * from './campaigns';
export * from './imports';
