// Filters and paging of getSipRegistrations.
import test from 'node:test';
import assert from 'node:assert/strict';
import { as, ids, resetBeforeEach } from './client.mjs';

const sip = await as('support-key');
resetBeforeEach();

for (const [request, want] of [
  [{ sipRegistrationId: 2 }, [2]],
  [{ sipRegistrationId: 999 }, []],
  [{ sipUsername: 'JohnGalt' }, [1]],
  [{ deactivated: true }, [4]],
  [{ deactivated: false }, [1, 2, 3]],
  [{ successful: true }, [1]],
  [{ successful: false }, [2]],
  [{ inProgress: true }, [3]],
  [{ isPersistent: false }, []],
  [{ isBoundToApplication: true }, [1]],
  [{ isBoundToApplication: false }, [2, 3, 4]],
  [{ applicationId: [123, 4567] }, [1]],
  [{ applicationId: 'any' }, [1, 2, 3, 4]],
  [{ applicationName: 'shop;myapp' }, [1]],
  [{ ruleId: '1;7890' }, []],
  [{ ruleName: 'inbound', userId: [] }, []],
  [{ proxy: 'sip.example.com;pbx.example.org' }, [1, 2]],
  [{ statusCode: '200;400:499' }, [1, 2]],
  [{ statusCode: '500:599' }, []],
  [{ successful: false, statusCode: '403', isPersistent: true }, [2]],
  [{ count: 2, offset: 1 }, [2, 3]],
  [{ offset: 4 }, []],
]) {
  test(JSON.stringify(request), async () => {
    const reply = await sip.getSipRegistrations(request);
    assert.deepEqual(ids(reply), want);
    assert.equal(reply.count, want.length);
  });
}
