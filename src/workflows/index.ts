/** The workflow types that a worker serves. */
export { featureWorkflow } from './feature.js';
export { taskWorkflow } from './task.js';
