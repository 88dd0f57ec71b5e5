import { registerHooks } from 'node:module';

/** Loaded before other code: gives it `cdktn` wherever it asks for `cdktf`. */
registerHooks({
  resolve: (specifier, context, next) => next(specifier.replace(/^cdktf(?=$|\/)/, 'cdktn'), context),
});
