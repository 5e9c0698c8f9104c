/** Go: a module's tests. */
import type { Finding, Project } from './project.js';

export async function go(project: Project): Promise<Finding[]> {
  if (!project.names.has('go.mod')) return [];
  const command = 'go test ./...';
  return [{ check: { name: 'go-test', command }, reason: `There is a go.mod: ${command}.` }];
}
