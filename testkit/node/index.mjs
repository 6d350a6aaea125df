// One implementation for both kinds of modules: an emulator started by one is known to
// the other.
import kit from './index.cjs';

export const { Call, Expectation, Failure, Fault, NoBinary, NotStarted, START, Sink, Voxemu, binary, callbackHash } = kit;
export default kit.Voxemu;
