export * from './index.js';
export { Voxemu as default } from './index.js';
