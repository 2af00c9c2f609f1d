import { definePackage } from '@jenkins-aws/build/tsup';

export default definePackage();
