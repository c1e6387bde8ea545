export { ArgumentError, DataError, EnvironmentError, InterruptedError, XnorlabError } from './bits/errors.js';
