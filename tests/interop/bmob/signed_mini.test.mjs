// hydrogen-js-sdk 2.7.3 in a mini program.
import { miniProgram } from './miniprogram.mjs';

miniProgram(2);
