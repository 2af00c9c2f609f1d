import { cp, rm } from 'node:fs/promises';
import { definePackage } from '@jenkins-aws/build/tsup';

export default definePackage({
  async onSuccess() {
    await rm('dist/overlay', { recursive: true, force: true });
    await cp('overlay', 'dist/overlay', { recursive: true, filter: (file) => !file.includes('__pycache__') });
  },
});
