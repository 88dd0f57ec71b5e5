import { describe, expect, it } from 'vitest';
import { appGuarantees } from './support/app.guarantees.ts';
import { backupGuarantees } from './support/backup.guarantees.ts';
import { bootstrapGuarantees } from './support/bootstrap.guarantees.ts';
import { commonGuarantees } from './support/common.guarantees.ts';
import { mediaGuarantees } from './support/media.guarantees.ts';
import { productionGuarantees } from './support/production.guarantees.ts';
import { bootstrapJson, productionJson } from './support/stack-json.ts';
import { uploadGuarantees } from './support/upload.guarantees.ts';

describe.each([
  { stack: 'bootstrap', make: bootstrapJson, guarantees: [...commonGuarantees, ...bootstrapGuarantees] },
  {
    stack: 'production',
    make: productionJson,
    guarantees: [
      ...commonGuarantees,
      ...appGuarantees,
      ...mediaGuarantees,
      ...backupGuarantees,
      ...uploadGuarantees,
      ...productionGuarantees,
    ],
  },
])('the $stack stack', ({ make, guarantees }) => {
  describe.each(guarantees)('$title', ({ check, broken }) => {
    it('does', () => {
      expect(check(make())).toEqual([]);
    });

    it.each(Object.entries(broken))('does not if %s, and that is seen', (_name, change) => {
      const stack = make();
      change(stack);
      expect(stack, 'the change changes something').not.toEqual(make());
      expect(check(stack), 'the check notices').not.toEqual([]);
    });
  });
});
