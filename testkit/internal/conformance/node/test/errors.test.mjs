// Each error path: the SDK hands errors over as the service wrote them.
import test from 'node:test';
import { as, refused, resetBeforeEach } from './client.mjs';

const sip = await as('owner-key');
resetBeforeEach();

const line = { sipUsername: 'a', proxy: 'pbx.example.com' };
for (const [why, method, request, code, field] of [
  ['no user name', 'create', { proxy: 'b' }, 273, 'sip_username'],
  ['no proxy', 'create', { sipUsername: 'a' }, 274, 'proxy'],
  ['malformed proxy', 'create', { ...line, proxy: 'http://b' }, 274, 'proxy'],
  ['unknown application', 'create', { ...line, applicationId: 999 }, 116, 'application_id'],
  ['unknown application name', 'create', { ...line, applicationName: 'nobody' }, 107, 'application_name'],
  ['user without application', 'create', { ...line, userId: 123 }, 116, 'application_id'],
  ['rule name without application', 'create', { ...line, ruleName: 'inbound' }, 116, 'application_id'],
  ['unknown user', 'create', { ...line, applicationId: 123, userId: 999 }, 117, 'user_id'],
  ['unknown user name', 'create', { ...line, applicationId: 123, userName: 'nobody' }, 122, 'user_name'],
  ['user of another application', 'create', { ...line, applicationId: 123, userId: 12345 }, 393, 'user_id'],
  ['unknown rule', 'create', { ...line, applicationId: 123, ruleId: 999 }, 147, 'rule_id'],
  ['unknown rule name', 'create', { ...line, applicationId: 123, ruleName: 'nobody' }, 156, 'rule_name'],
  ['rule of another application', 'create', { ...line, applicationId: 123, ruleId: 7890 }, 147, 'rule_id'],
  ['id and name disagree', 'create', { ...line, applicationId: 123, applicationName: 'shop' }, 458, 'application_name'],
  ['unknown registration', 'update', { sipRegistrationId: 999, sipUsername: 'a' }, 275, 'sip_registration_id'],
  ['malformed registration', 'update', { sipRegistrationId: 'x', sipUsername: 'a' }, 275, 'sip_registration_id'],
  ['unknown rule', 'update', { sipRegistrationId: 1, applicationId: 123, ruleId: 7890 }, 147, 'rule_id'],
  ['nothing to bind', 'bind', { applicationId: 123, bind: true }, 275, 'sip_registration_id'],
  ['nothing to bind to', 'bind', { sipRegistrationId: 1, bind: true }, 116, 'application_id'],
  ['user without application', 'bind', { sipRegistrationId: 1, userId: 123, bind: true }, 116, 'application_id'],
  ['malformed boolean', 'bind', { sipRegistrationId: 1, applicationId: 123, bind: 'perhaps' }, 496, 'bind'],
  ['unbinding nothing named', 'bind', { bind: false }, 275, 'sip_registration_id'],
  ['unknown registration', 'delete', { sipRegistrationId: 999 }, 275, 'sip_registration_id'],
  ['reversed range', 'get', { statusCode: '408:403' }, 496, 'status_code'],
  ['count of 0', 'get', { count: 0 }, 496, 'count'],
  ['malformed list', 'get', { applicationId: '1;x' }, 116, 'application_id'],
]) {
  test(`${method}: ${why}`, async () => {
    const name = `${method}SipRegistration${method === 'get' ? 's' : ''}`;
    refused(await sip[name](request), code, field);
  });
}
