// hydrogen-js-sdk 2.7.3: secret key and request signatures.
import { documents } from './documents.mjs';

documents(2);
