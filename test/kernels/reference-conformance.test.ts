import { referenceKernels } from '../../src/kernels/reference.js';
import { describeConformance } from './conformance.js';

// Compared with itself: the suite's own operands and the placements must not matter.
describeConformance('reference', () => referenceKernels);
