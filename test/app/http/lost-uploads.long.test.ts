import { describeLostUploads } from './lost-uploads.contract.ts';

describeLostUploads(300);
