'use strict';

const { Call, Expectation } = require('./calls.cjs');
const { Failure, NotStarted } = require('./failure.cjs');
const { Fault, START, Voxemu } = require('./voxemu.cjs');
const { NoBinary, binary } = require('./binary.cjs');
const { Sink, callbackHash } = require('./sink.cjs');

module.exports = { Call, Expectation, Failure, Fault, NoBinary, NotStarted, START, Sink, Voxemu, binary, callbackHash };
