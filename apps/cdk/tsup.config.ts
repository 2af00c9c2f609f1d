import { defineApp } from '@jenkins-aws/build/tsup';

export default defineApp();
