/** Rust: a crate's tests. */
import type { Finding, Project } from './project.js';

export async function rust(project: Project): Promise<Finding[]> {
  if (!project.names.has('Cargo.toml')) return [];
  const command = project.names.has('Cargo.lock') ? 'cargo test --locked' : 'cargo test';
  return [{ check: { name: 'cargo-test', command }, reason: `There is a Cargo.toml: ${command}.` }];
}
