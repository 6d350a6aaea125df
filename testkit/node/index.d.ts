import type { Agent } from 'node:https';
import type { Account, Callback, Registration, Request, Rule, User } from './types';

export type { Account, Callback, Registration, Request, Rule, User } from './types';

/** A row of a scenario, as it is stored. Members have the names of scenario files. */
export type Row = Record<string, any>;

/** A built-in name such as `empty`, the path of a file, a text in YAML, or an object; a list is merged in order. */
export type Scenario = string | URL | Row | Array<string | URL | Row>;

/** A value of a parameter; a list is joined by semicolons. */
export type Value = string | number | boolean | Array<string | number | boolean>;

export interface Options {
  /** Default: demo. */
  scenario?: Scenario;
  /**
   * Uses the emulator that VOXIMPLANT_EMULATOR_HOST names, with an account of its own, which is
   * deleted at the end. Default: if the variable is set and there is no scenario. Clock and
   * snapshots of that emulator are shared, so they cannot be used.
   */
  attach?: boolean;
  /** The clock runs in real time. Default: it is stopped at START. */
  liveClock?: boolean;
  /** Unknown parameters are refused with error 492. Default: they are reported at the end. */
  strict?: boolean;
  /** Allows methods and parameters that the API does not have. Default: stop() fails. */
  allowUnknown?: boolean;
  /** Allows refused values: all, or in the requests that a Call selects. Default: stop() fails. */
  allowMistakes?: boolean | Call | Call[];
  /** Registers stop(): the context of a test of node:test, or a function such as Vitest's onTestFinished. */
  after?: { after(stop: () => Promise<void>): void } | ((stop: () => Promise<void>) => void);
}

/** Conditions of a fault. */
export interface FaultOptions {
  /** Only the n-th request, from 1. */
  nth?: number;
  /** This many requests. Default: all. */
  times?: number;
  /** The request is processed first: the change is saved, and the client gets no reply. */
  after?: boolean;
  /** Only requests with these values of parameters; `*` matches any characters. */
  on?: Record<string, string | number | boolean>;
  /** Other conditions, as in the faults of a scenario. */
  when?: Row;
  /** A time before the fault, such as `2s`. */
  delay?: string | Row;
  /** It may stay untriggered. Default: stop() fails. */
  optional?: boolean;
}

/** The time at which the clock is stopped, unless a scenario sets another: 1 March 2026, noon UTC. */
export declare const START: Date;

/** What makes a test fail: an expectation that is not met, a value that the emulator refuses, mistakes of the client. */
export declare class Failure extends Error {
  /** The text without the kit's name. */
  readonly text: string;
}

/** The emulator did not start, or does not answer. */
export declare class NotStarted extends Error {}

/** There is no program voxemu for this machine. */
export declare class NoBinary extends Error {}

/** The path of the program voxemu: of VOXEMU_BINARY, else of the package for this platform, else on PATH. */
export declare function binary(): string;

/**
 * Selects requests to the API. The methods return a new matcher with one more condition. A matcher
 * that no request can match fails the test, for example one with a parameter that the method does
 * not have or with the value of a secret.
 */
export declare class Call {
  /** Those of a method, by its exact name, with these values of parameters. Without a method: all. */
  constructor(method?: string, parameters?: Record<string, Value>);
  /** In which the parameter has this value. */
  with(parameter: string, value: Value): this;
  /** In which the pattern (RE2) matches a part of the parameter's value. */
  like(parameter: string, pattern: string | RegExp): this;
  /** That contain the parameter, with any value. */
  given(parameter: string): this;
  /** That do not contain the parameter. */
  without(parameter: string): this;
  /** Of an account. */
  by(accountId: number): this;
  /** With a complete reply without an error. */
  succeeded(): this;
  /** With an error of the API in the reply, by its name, such as INSUFFICIENT_MONEY. */
  failedWith(name: string): this;
  /** To which a fault was applied; `*` is any. */
  withFault(name: string): this;
}

/** An assertion on the requests so far, without effect until it says how many. */
export declare class Expectation extends Call {
  private constructor();
  /** Requires exactly one such request. */
  once(): Promise<void>;
  /** Requires exactly n such requests. */
  times(n: number): Promise<void>;
  /** Requires that there is no such request. */
  never(): Promise<void>;
  /** Requires n such requests or more. */
  atLeast(n: number): Promise<void>;
  /** Requires n such requests or fewer, including none. */
  atMost(n: number): Promise<void>;
  /** Requires such a request and then one for each of the others, in this order. */
  inOrder(...then: Call[]): Promise<void>;
}

/** An armed fault. */
export declare class Fault {
  private constructor();
  /** Its name in the journal and in replies. */
  readonly name: string;
  /** How often it was triggered; 0 once it is stopped. */
  hits(): Promise<number>;
  /** Disarms it; it is not reported at the end. */
  stop(): Promise<void>;
}

/** A callback with a correct hash. */
export interface Received {
  id: number;
  /** The event, for example sip_registration_fail. */
  type: string;
  accountId: number;
  /** The member named by type. */
  detail?: any;
  /** All members. */
  fields: Row;
}

/** A receiver of callbacks. A request with a wrong hash makes stop() fail and is answered with 400. */
export declare class Sink {
  private constructor();
  /** The address for callbacks. */
  readonly url: string;
  /** The callbacks so far, in the order of arrival. */
  readonly received: Received[];
  /** What arrived and was no callback. */
  readonly failures: string[];
}

/** The required member hash of an account's callback: md5(salt + account id + api_key + callback id). */
export declare function callbackHash(account: Row, callbackId: number): string;

/** A saved state. */
export interface Snapshot {
  readonly name: string;
  readonly faults: Rule[];
}

/**
 * An emulator in a test.
 *
 * ```js
 * const emu = await Voxemu.start({ after: t });
 * await emu.fail('CreateSipRegistration', { close: {} }, { after: true, times: 1 });
 * await myClient(emu.url, emu.accountId, emu.apiKey).create('sales');
 * await emu.expect('CreateSipRegistration', { sip_username: 'sales' }).once();
 * ```
 */
export declare class Voxemu {
  private constructor();

  /** Starts an emulator on free ports of 127.0.0.1, or attaches to one that runs. */
  static start(options?: Options): Promise<Voxemu>;
  /**
   * Stops the emulator, or leaves it. Rejects for mistakes of the client that are not allowed and for
   * faults that were never triggered. Stopping again has no effect.
   */
  stop(): Promise<void>;
  /** stop(), for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /** Rejects for what stop() would reject for so far. */
  verify(): Promise<void>;

  /** The base URL for HTTP without a trailing slash; the API is below /platform_api/. */
  readonly url: string;
  /**
   * The base URL for HTTPS, for clients that need it. They have to trust `ca`. fetch cannot be told
   * so (it reads NODE_EXTRA_CA_CERTS when the process starts): use `url`, or the package undici.
   */
  readonly tlsUrl: string;
  /** The certificate of the authority behind tlsUrl, PEM. */
  readonly ca: string;
  /** A file with `ca`. */
  readonly caFile: string;
  /** An agent for https.request, axios and the like, which trusts `ca` in addition. */
  readonly agent: Agent;
  /** The account of the test: the lowest id of the scenario, or the own account. */
  readonly accountId: number;
  /** The middle part of full application names. */
  readonly accountName: string;
  /** The api_key of the account, which grants all rights. */
  readonly apiKey: string;
  /**
   * The path of a credentials.json of the account's first key with the role Owner. The first use in a
   * process generates a key, which takes 0.1 s and blocks.
   */
  readonly credentialsFile: string;
  /** The path of a credentials.json of any service-account key, such as admin-key. */
  credentials(key: string): Promise<string>;
  /** A new token of a key, for `Authorization: Bearer`, valid for an hour of the machine's clock. */
  token(key?: string): Promise<string>;
  /** The environment of this process with the variables that point programs at the emulator. */
  readonly env: Record<string, string | undefined>;
  /**
   * A client of the official SDK, @voximplant/apiclient-nodejs, that reaches this emulator as its
   * account. Requests of https.globalAgent, which the SDK uses, trust `ca` from then on; if a proxy is
   * set, NO_PROXY of this process gets the emulator in addition.
   */
  sdk(options?: { credentialsFile?: string }): Promise<any>;
  /** The control API, for what the methods do not offer. */
  readonly control: {
    get(path: string, query?: Row): Promise<any>;
    post(path: string, body?: unknown, query?: Row): Promise<any>;
    call(verb: string, path: string, body?: unknown, query?: Row): Promise<any>;
  };

  /** Adds rows of any kind of a scenario, and returns them as they are stored. */
  add(rows: Record<string, Row[]>): Promise<Record<string, Row[]>>;
  /** Adds an account. Defaults: the next id; name, e-mail and api_key with the id; USD. */
  addAccount(row?: Row): Promise<Row>;
  /** Adds a service-account key. Defaults: an id; the account of the test. */
  addKey(row?: Row): Promise<Row>;
  /** Adds an application. Defaults: the next id; a name with the id; the account of the test. */
  addApplication(row?: Row): Promise<Row>;
  /** Adds a rule. Defaults: the next id; a name with the id; the pattern `.*`; the only application. */
  addRule(row?: Row): Promise<Row>;
  /** Adds a user. Defaults: the next id; a name with the id; the account of the application. */
  addUser(row?: Row): Promise<Row>;
  /**
   * Adds a registration. Defaults: the next id; a user name with the id; the proxy sip.example.com; the
   * account of the test. Without a state it starts at once.
   */
  addRegistration(row?: Row): Promise<Row>;
  /** The whole state with secrets, as a scenario. */
  state(): Promise<Row>;
  /** The current row of an account; default: that of the test. */
  account(id?: number): Promise<Account>;
  /** The current row of a registration. */
  registration(id: number): Promise<Registration>;
  /** The current registrations by id: of all accounts, or of the own one when attached. */
  registrations(): Promise<Registration[]>;
  /** The users by id, and who is logged in. */
  users(): Promise<User[]>;
  /**
   * Compares rows with the required ones, such as `{ registrations: [{ id: 1, state: 'failed' }] }`. A
   * kind that is not named is not compared, and of a row only the given members.
   */
  requireState(rows: Record<string, Row[]>): Promise<void>;

  /** The emulator's time. */
  now(): Promise<Date>;
  /** Moves the clock forward, for example by `1mo`, `31d` or `90s`, and runs everything that becomes due. */
  advance(duration: string): Promise<Date>;
  /** Moves the clock forward to a time. */
  advanceTo(at: Date | string): Promise<Date>;
  /** Runs everything that is due and waits until each callback was answered or waits for its retry. */
  settle(): Promise<void>;
  /** The callbacks by id, after settle(), with their state and attempts. */
  callbacks(): Promise<Callback[]>;
  /** Opens a receiver of callbacks until the end of the test, and sets the callback_url of the account. */
  callbackSink(): Promise<Sink>;
  /** Makes the registrar answer a registration now, with 200 or a SIP status from 300 to 699. */
  answer(registrationId: number, status: number, reason?: string): Promise<Registration>;
  /** Logs a user in: the non-persistent registration bound to the user registers. */
  login(userId: number): Promise<void>;
  /** Logs a user out: that registration goes offline. */
  logout(userId: number): Promise<void>;
  /** Adds money to an account, in its currency, for example `10.00`; default: that of the test. */
  topUp(amount: string | number, accountId?: number): Promise<Account>;
  /** Freezes or unfreezes an account, as the platform's administrators can. */
  freezeAccount(frozen?: boolean, accountId?: number): Promise<Account>;

  /**
   * Makes requests for a method fail; in its name `*` matches any characters. The kind is such as
   * `{ close: {} }` or `{ http: { status: 429 } }`, or the name of an error of the API. A fault that was
   * never triggered, or fewer times than `times`, makes stop() fail.
   */
  fail(method: string, kind: string | Row, options?: FaultOptions): Promise<Fault>;

  /** Begins an assertion on the requests since the start, or since the last restore(). */
  expect(call?: string | Call, parameters?: Record<string, Value>): Expectation;
  /** The requests that match, in the order of their beginnings. */
  requests(call?: string | Call, parameters?: Record<string, Value>): Promise<Request[]>;

  /** Saves the state and the armed faults, for the cases of a table. */
  snapshot(): Promise<Snapshot>;
  /**
   * Goes back to a snapshot, except for the clock. Earlier requests are ignored, but their mistakes are
   * still reported. Later faults are disarmed, and reported if they were not triggered.
   */
  restore(saved: Snapshot): Promise<void>;
}

