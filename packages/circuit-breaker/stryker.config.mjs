import { mutationOptions } from '@naru/test-services/mutation';

export default mutationOptions(['src/detectors/*.ts', 'src/stores/*.ts', 'src/policy/*.ts']);
