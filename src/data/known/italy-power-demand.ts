import { vector } from '../../core/shape.js';
import { seriesDataset } from '../series-table.js';
import type { KnownDataset } from './known-dataset.js';

const NAME = 'italy-power-demand';
const TRAIN = 'ItalyPowerDemand_TRAIN.tsv';
const TEST = 'ItalyPowerDemand_TEST.tsv';

/** ItalyPowerDemand of the UCR archive, see data/italy-power-demand/README.md. The publisher offers it only within the whole archive. */
export const italyPowerDemand: KnownDataset = {
  name: NAME,
  title: 'electricity that Italy took on a day, 24 hours, 2 classes (winter, summer), of the UCR archive',
  shape: { kind: 'sequence', steps: 24, of: vector(1) },
  files: [
    { name: TRAIN, sha256: 'fab46ef99232ada65773ed89b131954a91ec1da69803159cb1566f320dbaf22e' },
    { name: TEST, sha256: 'ab22aa53de4ef55f2e2bcbf0518565704aeec8d76f48ef1180903bf5814c47fc' },
  ],
  otherFolders: ['ItalyPowerDemand', 'ucr/ItalyPowerDemand'],
  homepage: 'https://www.cs.ucr.edu/~eamonn/time_series_data_2018',
  assemble: (fileOf) => seriesDataset(NAME, { train: fileOf(TRAIN), test: fileOf(TEST) }),
};
