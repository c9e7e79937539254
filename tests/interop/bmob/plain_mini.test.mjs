// hydrogen-js-sdk 1.7.0 in a mini program.
import { miniProgram } from './miniprogram.mjs';

miniProgram(1);
