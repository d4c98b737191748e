export { VIEW_ROWS } from './defaults';
export { readView, VIEW_NAMES, type ViewName } from './views';
