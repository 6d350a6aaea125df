'use strict';

/** What makes a test fail. */
class Failure extends Error {
  constructor(text) {
    super('voxemu: ' + text);
    this.name = 'Failure';
    this.text = text;
  }
}

/** The emulator did not start, or does not answer. */
class NotStarted extends Error {
  constructor(text, cause) {
    super('voxemu: ' + text, { cause });
    this.name = 'NotStarted';
  }
}

/** The control API refused a request. */
class Refused extends Failure {
  constructor(status, problem) {
    const problems = [problem, ...(problem.more ?? [])];
    super(problems.map((p) => p.message).join('\n'));
    Object.assign(this, { status, problem, problems });
  }
}

module.exports = { Failure, NotStarted, Refused };
