/** The workflow types that a worker serves. */
export { featureWorkflow } from './feature/feature.js';
export { taskWorkflow } from './task/task.js';
