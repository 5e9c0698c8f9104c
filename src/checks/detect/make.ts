/** A Makefile with a target that tests. */
import type { Finding, Project } from './project.js';

export async function make(project: Project): Promise<Finding[]> {
  // The order in which make itself looks (GNU make manual, 3.2).
  const file = ['GNUmakefile', 'makefile', 'Makefile'].find((name) => project.names.has(name));
  if (file === undefined) return [];
  const target = /^(test|check)\s*:(?!=)/m.exec(await project.read(file))?.[1];
  if (target === undefined) return [{ reason: `${file} has no target test or check.` }];
  const command = `make ${target}`;
  return [
    { check: { name: `make-${target}`, command }, reason: `${file} has a target ${target}: ${command}.` },
  ];
}
