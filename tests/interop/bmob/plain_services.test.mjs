// hydrogen-js-sdk 1.7.0: application id and REST key.
import { services } from './services.mjs';

services(1);
