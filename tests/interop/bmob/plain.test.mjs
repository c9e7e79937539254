// hydrogen-js-sdk 1.7.0: application id and REST key.
import { documents } from './documents.mjs';

documents(1);
