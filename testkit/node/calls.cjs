'use strict';

/** A value as clients send it: lists are joined by semicolons. */
function written(value) {
  return Array.isArray(value) ? value.map(written).join(';') : String(value);
}

class Call {
  constructor(method, parameters = {}) {
    this.filter = { kind: 'call' };
    if (method) this.filter.method = method;
    const names = Object.keys(parameters);
    if (names.length > 0) this.filter.parameters = Object.fromEntries(names.map((name) => [name, written(parameters[name])]));
  }

  copy(filter) {
    const other = new Call();
    other.filter = filter;
    return other;
  }

  and(member, value) {
    return this.copy({ ...this.filter, [member]: value });
  }

  where(parameter, value) {
    return this.and('parameters', { ...this.filter.parameters, [parameter]: value });
  }

  with(parameter, value) {
    return this.where(parameter, written(value));
  }

  like(parameter, pattern) {
    return this.where(parameter, { pattern: pattern instanceof RegExp ? pattern.source : pattern });
  }

  given(parameter) {
    return this.where(parameter, { given: true });
  }

  without(parameter) {
    return this.where(parameter, { given: false });
  }

  by(accountId) {
    return this.and('account_id', accountId);
  }

  succeeded() {
    return this.and('code', 0);
  }

  failedWith(name) {
    return this.and('error', name);
  }

  withFault(name) {
    return this.and('fault', name);
  }
}

class Expectation extends Call {
  constructor(emulator, call, place) {
    super();
    this.filter = call.filter;
    this.emulator = emulator;
    this.place = place;
    emulator.checks.open.add(this);
  }

  copy(filter) {
    this.close();
    return new Expectation(this.emulator, { filter }, this.place);
  }

  close() {
    this.emulator.checks.open.delete(this);
  }

  once() {
    return this.times(1);
  }

  times(n) {
    return this.verify({ min: n, max: n });
  }

  never() {
    return this.times(0);
  }

  atLeast(n) {
    return this.verify({ min: n });
  }

  atMost(n) {
    return this.verify({ min: 0, max: n });
  }

  inOrder(...then) {
    this.close();
    return this.emulator.verifyCalls([this, ...then]);
  }

  verify(times) {
    this.close();
    return this.emulator.verifyCalls([this], times);
  }
}

module.exports = { Call, Expectation };
