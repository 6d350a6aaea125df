// Made from emulator/internal/control/openapi.yaml by go run ./testkit/internal/docs. Do not edit.

/** An object of the control API. */
export interface Done {
  /** Always ok. */
  status: 'ok';
}

/** An object of the control API. */
export interface Failure {
  error: Problem;
}

/** An object of the control API. */
export interface Problem {
  /** What is wrong and what is wanted instead. */
  message: string;
  /** The place in the body. */
  member?: string;
  /** The path, query or header parameter. */
  parameter?: string;
  /** What may stand there. */
  allowed?: Array<string>;
  /** Further explanation for programs; for verify the near misses. */
  detail?: Record<string, unknown>;
  /** The other mistakes of the request. */
  more?: Array<Problem>;
}

/** An object of the control API. */
export interface Health {
  /** Always ok. */
  status: 'ok';
  /** The emulator's version, or the revision that it was built from. */
  version: string;
  /** As loaded, in order. */
  scenario: Array<string>;
  /** Rows by kind. */
  counts: Record<string, unknown>;
  /** Http, https and control, when open. */
  listeners: Record<string, unknown>;
  /** Saves of the state to the file of --state; absent without one. */
  saved?: Record<string, unknown>;
  /** Real registrations; absent: all registrars are simulated. */
  sip?: Record<string, unknown>;
}

/** An object of the control API. */
export interface Config {
  /** At the start. */
  scenarios: Array<string>;
  /** Whether parameters that the real service ignores are refused (--strict). */
  strict: boolean;
  /** Whether other machines may reach it (--expose). */
  expose: boolean;
  /** Host names that the control API answers for as well (--allowed-host). */
  allowed_hosts?: Array<string>;
  /** Origins whose pages may use the API (--allow-origin). */
  allow_origins?: Array<string>;
  /** Where HTTP listens, host:port. */
  addr: string;
  /** Where HTTPS listens, host:port. */
  tls_addr: string;
  /** Empty: it is on the other listeners. */
  control_addr: string;
  /** Whether a token is asked for. */
  control_token: boolean;
  /** Whether POST /_voxemu/shutdown stops the process. */
  allow_shutdown: boolean;
  /** True: /_voxemu/console/ is off; absent: it is there. */
  no_console?: boolean;
  /** Empty: authority and keys live in memory. */
  config_dir: string;
}

/** An object of the control API. */
export interface Coverage {
  /** Methods that are emulated in full. */
  emulated: Array<string>;
  /** Methods with parameters that have no effect: why, by parameter. */
  partly: Record<string, unknown>;
  /** Methods that are answered with error 103 and a warning: why. */
  not_emulated: Record<string, unknown>;
}

/** An object of the control API. */
export interface AssumptionList {
  /** By number. */
  assumptions: Array<Record<string, unknown>>;
}

/** An object of the control API. */
export interface ScenarioList {
  /** The built-in scenarios. */
  scenarios: Array<Record<string, unknown>>;
}

/** An object of the control API. */
export interface ScenarioToLoad {
  /** A built-in scenario. */
  name?: string;
  /** A scenario; with a name it is laid on top of that one. */
  yaml?: string;
}

/** An object of the control API. */
export interface ScenarioCheck {
  /** Empty, or the scenario cannot be loaded. */
  mistakes: Array<Record<string, unknown>>;
  /** What loading would change. */
  differences: Array<Difference>;
  /** How many are not listed. */
  more_differences: number;
}

/** An object of the control API. */
export interface Differences {
  /** By section and id, without secrets. */
  differences: Array<Difference>;
  /** How many are not listed. */
  more_differences: number;
}

/** An object of the control API. */
export interface Difference {
  /** The member of a scenario, such as accounts. */
  section: string;
  /** The row's id or name; absent: settings. */
  id?: string;
  /** What differs. */
  change: 'added' | 'removed' | 'changed';
  /** The members that differ, of changed. */
  members?: Array<Record<string, unknown>>;
}

/** An object of the control API. */
export interface SnapshotList {
  /** By name. */
  snapshots: Array<Snapshot>;
}

/** An object of the control API. */
export interface Snapshot {
  /** What it was taken under. */
  name: string;
  /** On the emulator's clock. */
  taken_at: string;
}

/** An object of the control API. */
export interface SnapshotToTake {
  /** A new name; one that exists is a conflict. */
  name: string;
}

/** An object of the control API. */
export interface Clock {
  /** The time of the emulator, with which rows are dated and events are due. */
  now: string;
  /** Live follows the machine's clock, offset runs beside it, a second or more away, stopped stands still. */
  mode?: 'live' | 'stopped' | 'offset';
  /** What does not follow this clock; absent: everything does. */
  note?: string;
}

/** An object of the control API. */
export interface ClockChange {
  /** The time of the emulator afterwards. */
  now: string;
  /** How the clock goes on. */
  mode: 'live' | 'stopped' | 'offset';
  /** What does not follow this clock; absent: everything does. */
  note?: string;
  /** What was done; interrupted is a move whose client has gone, advancing is reported every 200 ms of a long move. */
  change: 'advancing' | 'advanced' | 'interrupted' | 'stopped' | 'resumed';
  /** The time of the emulator before. */
  from: string;
  /** The target, of advancing. */
  to?: string;
}

/** An object of the control API. */
export interface Due {
  /** The earliest first, at most 200. */
  events: Array<Record<string, unknown>>;
  /** How many later ones are not listed. */
  more: number;
}

/** An object of the control API. */
export interface Advance {
  /** Years (y), calendar months (mo), weeks (w), days (d), then a Go duration. */
  duration: string;
  /** The day of the month that months keep, or the last one of a shorter month; without it, the day of the current time: from 31 January, 1mo and again 1mo lead to 28 March. */
  anchor?: number;
}

/** An object of the control API. */
export interface SetClock {
  /** The time to go to; only later ones, and everything due until then happens. */
  now: string;
}

/** An object of the control API. */
export interface AccountList {
  /** By id. */
  accounts: Array<Account>;
}

/** An object of the control API. */
export interface Account {
  /** The account. */
  account_id: number;
  /** The account that it is a child of; absent: none. */
  parent_account_id?: number;
  /** The name. */
  name: string;
  /** The e-mail address. */
  email?: string;
  /** Money that can be spent, in the account's currency. */
  balance: number;
  /** Fees of the running month, charged at renewal or deletion, in the account's currency. */
  money_on_hold: number;
  /** How far the balance may fall below zero. */
  credit_limit: number;
  /** USD, EUR or RUR. */
  currency: string;
  /** Whether the account is frozen and its calls are refused. */
  frozen: boolean;
}

/** An object of the control API. */
export interface KeyList {
  /** By id. */
  keys: Array<Record<string, unknown>>;
}

/** An object of the control API. */
export interface Books {
  /** Oldest first, at most 500. */
  transactions: Array<Record<string, unknown>>;
  /** How many older ones are not listed. */
  more_transactions: number;
  /** Changes since the state was loaded, oldest first. */
  balances: Array<Record<string, unknown>>;
  /** How many older changes, of all accounts, were dropped. */
  evicted_balances: number;
}

/** An object of the control API. */
export interface AccountToCreate {
  /** Unique; default: account-ID. */
  name?: string;
  /** Default: a random one. */
  api_key?: string;
  /** Money to begin with, in the account's currency. */
  balance?: string;
  /** What it pays in. */
  currency?: 'USD' | 'EUR' | 'RUR';
  /** An existing account, which may act for this one; default: none. */
  parent_account_id?: number;
  /** Unique; default: account-ID@example.com. */
  email?: string;
  /** For account_password; default: none. */
  password?: string;
  /** The owner's first name. */
  first_name?: string;
  /** The owner's last name. */
  last_name?: string;
  /** Of notifications. */
  language_code?: string;
  /** The time zone, such as Etc/GMT. */
  location?: string;
  /** The owner's phone number. */
  mobile_phone?: string;
  /** Free text. */
  custom_data?: string;
  /** Whether its parent deactivated it. */
  inactive?: boolean;
  /** Default: now. */
  created?: string;
  /** How far the balance may fall below zero. */
  credit_limit?: string;
  /** 0: no limit. */
  max_sip_registrations?: number;
  /** Where callbacks are sent; default: none are sent. */
  callback_url?: string;
  /** An input of the callbacks' hash. */
  callback_salt?: string;
  /** No mails are sent. */
  account_notifications?: boolean;
  /** No mails are sent. */
  tariff_changing_notifications?: boolean;
  /** No mails are sent. */
  news_notifications?: boolean;
  /** The balance below which a callback reports a low balance. */
  min_balance_to_notify?: string;
  /** Whether the account is frozen. */
  frozen?: boolean;
  /** Of the key; default: Owner. */
  roles?: Array<string>;
  /** False saves the tenth of a second that an RSA key takes. */
  credentials?: boolean;
  /** Applications to create in it. */
  applications?: Array<Record<string, unknown>>;
}

/** An object of the control API. */
export interface CreatedAccount {
  /** The account. */
  account_id: number;
  /** The name. */
  name: string;
  /** The e-mail address. */
  email?: string;
  /** Money that can be spent, in the account's currency. */
  balance: number;
  /** Fees of the running month, charged at renewal or deletion, in the account's currency. */
  money_on_hold: number;
  /** How far the balance may fall below zero. */
  credit_limit: number;
  /** USD, EUR or RUR. */
  currency: string;
  /** Whether the account is frozen and its calls are refused. */
  frozen: boolean;
  /** The key of its calls; shown only here. */
  api_key: string;
  /** The service-account key. */
  key_id: string;
  credentials?: Credentials;
  /** What was created in it. */
  applications: Array<Record<string, unknown>>;
}

/** An object of the control API. */
export interface Named {
  /** The number that the API knows it by. */
  id: number;
  /** The name. */
  name: string;
}

/** An object of the control API. */
export interface Credentials {
  /** The account's e-mail address. */
  account_email: string;
  /** The account. */
  account_id: number;
  /** The service-account key. */
  key_id: string;
  /** RSA, PEM; signs tokens. */
  private_key: string;
}

/** An object of the control API. */
export interface TopUp {
  /** Money to add, in the account's currency, at most six decimals. */
  amount: string;
}

/** An object of the control API. */
export interface Freeze {
  /** Whether the account is frozen. */
  frozen?: boolean;
}

/** An object of the control API. */
export interface SignedToken {
  /** A JWT, valid for an hour of the machine's clock. */
  token: string;
}

/** An object of the control API. */
export type State = 'in_progress' | 'successful' | 'failed' | 'offline';

/** An object of the control API. */
export interface RegistrationList {
  /** By id. */
  registrations: Array<Registration>;
}

/** An object of the control API. */
export interface Registration {
  /** Sip_registration_id of the API. */
  id: number;
  /** The account. */
  account_id: number;
  /** The user that it registers as. */
  sip_username: string;
  /** The registrar, host or host:port, a transport may follow. */
  proxy: string;
  state: State;
  /** SIP status of the last answer; absent: none yet. */
  status_code?: number;
  /** Reason phrase of the last answer. */
  error_message?: string;
  /** Whether its subscription is frozen for want of money. */
  deactivated: boolean;
  /** Whether it stays registered without a user who is logged in. */
  is_persistent: boolean;
  /** The application. */
  application_id?: number;
  /** The rule that it is bound to; absent: none. */
  rule_id?: number;
  /** The user. */
  user_id?: number;
  /** When its state changed last, on the emulator's clock. */
  last_updated: string;
  /** When the next month is charged. */
  next_subscription_renewal: string;
  /** The monthly fee without tax, in the account's currency; with money=true only. */
  subscription_price?: number;
  /** What is reserved for the current month; with money=true only. */
  money_on_hold?: number;
  /** When it changes next by itself; absent: never. */
  due?: string;
}

/** An object of the control API. */
export interface History {
  /** Oldest first; at most 20000 of all registrations are kept. */
  steps: Array<Record<string, unknown>>;
  /** How many older steps, of all registrations, were dropped. */
  evicted: number;
}

/** An object of the control API. */
export interface SIPMessageList {
  /** Oldest first; the latest 2000 are kept, and the latest 1000 incoming calls. */
  messages: Array<SIPMessage>;
  /** How many older messages, of all registrations, were dropped. */
  evicted: number;
}

/** An object of the control API. */
export interface SIPMessage {
  /** Counts from 1. */
  number: number;
  /** On the emulator's clock. */
  at: string;
  /** Absent: of no registration. */
  registration_id?: number;
  /** Of the registration. */
  account_id?: number;
  /** By the emulator; false: received, or an explanation. */
  sent: boolean;
  /** How. */
  transport?: 'UDP' | 'TCP' | 'TLS';
  /** Address of the PBX. */
  peer?: string;
  /** The message, or why no answer came; digests are ***. */
  text: string;
  call?: IncomingCall;
}

/** An INVITE for a registration; no media is exchanged. */
export interface IncomingCall {
  /** The registration that was called. */
  registration_id: number;
  /** Its account. */
  account_id: number;
  /** Address of the caller. */
  from: string;
  /** Address that was called. */
  to: string;
  /** The application that the registration is bound to. */
  application?: string;
  /** The rule that it is bound to, or the first one that matches. */
  rule?: string;
  /** The VoxEngine scripts that the real service would run. */
  scripts: Array<string>;
  /** The answer. */
  status_code: number;
}

/** An object of the control API. */
export interface Answer {
  /** 200 or 300 to 699. */
  status_code: number;
  /** Default: the usual one of the status. */
  reason?: string;
}

/** An object of the control API. */
export interface CallbackList {
  /** Oldest first. */
  callbacks: Array<Callback>;
}

/** An object of the control API. */
export interface Callback {
  /** The number of the callback. */
  id: number;
  /** The account. */
  account_id: number;
  /** The type, such as sip_registration_fail. */
  type: string;
  /** The members that the callback has beside its type. */
  detail: Record<string, unknown>;
  /** Queued, retrying after a failed attempt, delivered, given up after the last attempt, or dropped without a receiver. */
  state: 'queued' | 'retrying' | 'delivered' | 'given_up' | 'dropped';
  /** How often delivery was tried. */
  attempts: number;
  /** When the change was made, on the emulator's clock. */
  created_at: string;
  /** When delivery is tried next; absent: never. */
  next_attempt?: string;
  /** HTTP status of the receiver's last reply; absent: none. */
  last_status?: number;
  /** Why the last attempt failed; absent: it did not. */
  last_failure?: string;
}

/** An object of the control API. */
export interface SentCallback {
  /** The number of the callback. */
  id: number;
  /** The account. */
  account_id: number;
  /** The type, such as sip_registration_fail. */
  type: string;
  /** The members that the callback has beside its type. */
  detail: Record<string, unknown>;
  /** Queued, retrying after a failed attempt, delivered, given up after the last attempt, or dropped without a receiver. */
  state: 'queued' | 'retrying' | 'delivered' | 'given_up' | 'dropped';
  /** How often delivery was tried. */
  attempts: number;
  /** When the change was made, on the emulator's clock. */
  created_at: string;
  /** When delivery is tried next; absent: never. */
  next_attempt?: string;
  /** HTTP status of the receiver's last reply; absent: none. */
  last_status?: number;
  /** Why the last attempt failed; absent: it did not. */
  last_failure?: string;
  /** Where it is sent, without secrets; absent: nowhere. */
  url?: string;
  /** What is sent now, in the list callbacks of a request. */
  payload: Record<string, unknown>;
  /** The hash by the account's current salt and api key. */
  hash: string;
  /** The attempts that the journal has, oldest first. */
  journal: Array<Record<string, unknown>>;
}

/** An object of the control API. */
export interface RequestList {
  /** In the order in which they began. */
  requests: Array<Request>;
  /** How many older requests the journal forgot, of the account if one was named. */
  evicted: number;
}

/** A call of the API or an attempt to deliver a callback; secrets are ***. */
export interface Request {
  /** From 1, in the order in which they began. */
  number: number;
  /** A call of the API, or an attempt to deliver a callback. */
  kind: 'call' | 'callback';
  /** On the emulator's clock. */
  at: string;
  /** On the emulator's clock. */
  latency_ns: number;
  /** The account. */
  account_id?: number;
  /** HTTP status; absent: no reply. */
  status?: number;
  /** Size of the body, in bytes. */
  request_bytes: number;
  /** Size of the reply's body, in bytes. */
  reply_bytes: number;
  /** Content-Type of the reply. */
  reply_type?: string;
  /** The beginning of the body. */
  reply?: string;
  /** Who ended it before a whole reply was sent: the client, a fault, or a bug of the emulator. */
  aborted?: 'client' | 'fault' | 'panic';
  /** The HTTP method. */
  verb?: string;
  /** The method of the API; *** when it has not the shape of a name. */
  method?: string;
  /** The path of a request that no route takes; such a request has no method, and a mistake whose parameter is path or verb. */
  path?: string;
  /** How the method was named: in the path, by cmd, or in a path without /platform_api. */
  style?: 'path' | 'cmd' | 'bare';
  /** Where the parameters stood. */
  encoding?: 'query' | 'urlencoded' | 'multipart' | 'json';
  /** The Host header. */
  host?: string;
  /** Whether it came by HTTPS. */
  tls?: boolean;
  /** HTTP/1.1 or HTTP/2.0. */
  protocol?: string;
  /** The User-Agent header. */
  user_agent?: string;
  /** By name, each with all its values; secrets are ***. */
  parameters?: Record<string, unknown>;
  /** How many parameters were too many to keep. */
  parameters_left_out?: number;
  /** The caller did not prove who it is. */
  unidentified?: boolean;
  /** The service-account key. */
  key_id?: string;
  /** The verdict of the API's specification. */
  mistakes?: Array<Record<string, unknown>>;
  /** Whether the real service has no such method. */
  unknown_method?: boolean;
  /** Whether the real service has the method and the emulator does not. */
  not_emulated?: boolean;
  /** Why the caller was refused, for example that the account exists and the api_key differs; clients are never told. */
  denied?: string;
  /** Parameters that the method does not have. */
  unknown_parameters?: Array<string>;
  /** The rule that took the call. */
  fault?: string;
  /** The kinds of that rule, such as api_error; a delay can be beside another kind. */
  fault_kinds?: Array<string>;
  /** What the client was told in X-Voxemu-Warning. */
  warnings?: Array<string>;
  /** What the real service did otherwise, with --spy-upstream; they come after the reply. */
  differences?: Array<string>;
  /** Of the first error; absent: a success. */
  code?: number;
  /** The name of the first error, such as INSUFFICIENT_MONEY. */
  error?: string;
  /** The parameter of the first error. */
  field?: string;
  /** The callback that was delivered. */
  callback_id?: number;
  /** Its type. */
  callback_type?: string;
  /** The attempt, from 1. */
  attempt?: number;
  /** Where it was sent. */
  url?: string;
  /** The body that was sent. */
  request?: string;
  /** Why the attempt failed; absent: it did not. */
  failure?: string;
}

/** Of a registration, an account or a user, which is told in the member of that name. */
export interface Change {
  /** What happened to it. */
  change: 'created' | 'changed' | 'deleted';
  /** On the emulator's clock. */
  at: string;
  registration?: Registration;
  account?: Account;
  user?: User;
}

/** An object of the control API. */
export interface UserList {
  /** The users. */
  users: Array<User>;
}

/** An object of the control API. */
export interface User {
  /** The user. */
  user_id: number;
  /** The account. */
  account_id: number;
  /** The application. */
  application_id?: number;
  /** The user's name. */
  user_name: string;
  /** Whether the user is logged in. */
  logged_in: boolean;
}

/** An object of the control API. */
export interface Count {
  /** How many requests match. */
  count: number;
  /** How many older requests the journal has dropped because it was full; they may have matched, too. */
  evicted: number;
}

/** How many requests a filter must select; expectation.schema.json describes all members. */
export interface Expectation {
  /** The members are the parameters of requests, with parameters as an object: a value, or {pattern: …}, or {given: true or false}. */
  filter?: Record<string, unknown>;
  /** Filters of requests that must follow in this order, instead of times; others may come between. */
  then?: Array<Record<string, unknown>>;
  /** Default: at least once. */
  times?: Record<string, unknown>;
}

/** An object of the control API. */
export interface MistakesToReport {
  /** Report this account only; default: all. */
  account_id?: number;
  /** Report requests with a larger number; default: all. */
  after?: number;
  /** Whether methods and parameters that the API does not have are allowed. */
  allow_unknown?: boolean;
  /** Filters of requests whose refused values are allowed; {} allows all. */
  allow_mistakes?: Array<Record<string, unknown>>;
}

/** An object of the control API. */
export interface MistakeReport {
  /** Requests with methods or parameters that the API does not have, each in several lines. */
  unknown: Array<string>;
  /** Requests with values that the specification does not allow, each in several lines. */
  refused: Array<string>;
  /** Requests for methods that the real service has and the emulator does not; no mistakes. */
  not_emulated: Array<string>;
  /** Armed faults, except optional ones, that were not triggered, or not often enough. */
  untriggered: Array<Untriggered>;
  /** How many older requests the journal forgot. */
  evicted: number;
}

/** An object of the control API. */
export interface Untriggered {
  /** The name of the fault. */
  name: string;
  /** What it waited for, and how often it was triggered. */
  text: string;
}

/** An object of the control API. */
export interface Verdict {
  /** The request's number in the journal. */
  request?: number;
  /** The rule's name. */
  rule: string;
  /** The number of the call among those that the rule counts; absent: it would not count it. */
  number?: number;
  /** The first condition that is not met, such as when.method; absent: the rule takes the call. */
  unmet?: string;
}

/** An object of the control API. */
export interface Preview {
  /** By number, as if the rule had been armed alone before the first of them; of the headers only User-Agent is known. */
  requests: Array<Verdict>;
}

/** An object of the control API. */
export interface Explanation {
  /** In the order of the armed rules; of the headers only User-Agent is known. */
  faults: Array<Verdict>;
  /** Those of the method, then others that were given; empty for an unknown method. */
  parameters: Array<Record<string, unknown>>;
}

/** An object of the control API. */
export interface Report {
  /** The version of the emulator. */
  version: string;
  /** How many requests to the API. */
  requests: number;
  /** How many attempts to deliver a callback. */
  callback_attempts: number;
  /** How many parameters were too many or too long to be counted. */
  parameters_left_out?: number;
  /** The emulated methods, by name. */
  methods: Array<Record<string, unknown>>;
  /** Errors that every method can reply with. */
  errors: Array<ReportItem>;
  /** Kinds of faults. */
  faults: Array<ReportItem>;
  /** States that registrations reached after their scenario was loaded, and frozen subscriptions. */
  states: Array<ReportItem>;
  /** Attempts to deliver a callback, by type. */
  callbacks: Array<ReportItem>;
  /** What in the requests does not fit the API, the most frequent first. */
  mistakes: Array<Record<string, unknown>>;
  /** How many mistakes are not listed. */
  more_mistakes?: number;
  /** Armed faults that were not triggered, or not often enough. */
  untriggered: Array<string>;
}

/** An object of the control API. */
export interface ReportItem {
  /** Its name. */
  name: string;
  /** How often; 0: never. */
  times: number;
  /** How many of them an armed fault caused. */
  by_fault?: number;
}

/** An object of the control API. */
export interface MethodList {
  /** By name. */
  methods: Array<Record<string, unknown>>;
  /** The codes of all errors by name. */
  errors: Record<string, unknown>;
  /** The kinds of faults. */
  faults: Array<string>;
}

/** An object of the control API. */
export interface FaultList {
  /** In the order in which they are tried. */
  faults: Array<Fault>;
}

/** An object of the control API. */
export interface Fault {
  /** Unique among the armed rules. */
  name: string;
  /** How many calls met when, but for nth, every, first, skip and probability. */
  seen: number;
  /** How many calls it took. */
  hits: number;
  /** How many more it may; absent: without limit. */
  remaining?: number;
  rule: Rule;
}

/** An object of the control API. */
export interface RuleList {
  /** In the order in which they are tried. */
  faults: Array<Rule>;
}

/** A rule as in a scenario's faults; rule.schema.json describes all members. */
export interface Rule {
  /** Unique; default when it is posted: fault-1, fault-2 …. */
  name?: string;
  /** Which calls; default: all. */
  when?: Record<string, unknown>;
  /** One kind of fault, and delay beside it if wanted. */
  then: Record<string, unknown>;
  /** The work is done, then the answer is lost. */
  after?: boolean;
  /** How often it fires; default: without limit. */
  times?: number;
  /** It may stay unspent. */
  optional?: boolean;
}
